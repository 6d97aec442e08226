import { randomUUID } from "node:crypto";
import { createRoute } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import {
  decidedTranslations,
  type ImportPreview,
  importPreview,
  importQuery,
  newTranslation,
  previewQuery,
  translation,
  translationDecision,
  translationDetail,
  translationImport,
  translationPage,
  translationPath,
  translationsQuery,
} from "../contract/crosswalk.ts";
import { checkImport } from "../crosswalks/check-import.ts";
import { type CrosswalkContext, createTurns, toCrosswalkContext } from "../crosswalks/crosswalk-context.ts";
import { decideTranslations } from "../crosswalks/decide-translations.ts";
import { proposeTranslations } from "../crosswalks/propose-translations.ts";
import { type CsvTranslation, readTranslationsCsv, toProposals } from "../crosswalks/read-translations-csv.ts";
import { answersWith, answersWithList, ERRORS, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { respondWithList } from "../http/list-response.ts";
import { listRevisions } from "../queries/find-translations.ts";
import { listReplacements } from "../queries/list-replacements.ts";
import { listTranslations } from "../queries/list-translations.ts";
import { toTranslation } from "../queries/translation-row.ts";
import { TRANSLATION_CSV } from "./translation-columns.ts";

const TAGS = ["Crosswalks"];
const MAX_ANSWERED = 1000;
const conflict = {
  description: "It does not stand as it was seen, or something else holds already; `code` is `conflict`.",
};

/** Where an import comes in, and how large it may be. */
export const IMPORT_PATH = "/crosswalks/import";
export const PREVIEW_PATH = `${IMPORT_PATH}/preview`;
const MAX_IMPORT_BYTES = 4_000_000;

const listRoute = createRoute({
  method: "get",
  path: "/crosswalks",
  summary: "What the codes of others are called here",
  description:
    "Translations as they stand now: approved ones, proposals, and what was rejected, withdrawn or replaced.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { query: translationsQuery },
  responses: answersWithList(translationPage, "Translations, last changed first."),
});

const detailRoute = createRoute({
  method: "get",
  path: "/crosswalks/{id}",
  summary: "A translation with all of its revisions",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { params: translationPath },
  responses: findsWith(translationDetail, "The translation with all of its revisions."),
});

const proposeRoute = createRoute({
  method: "post",
  path: "/crosswalks",
  summary: "Propose a translation",
  description: "It translates nothing until another person approves it.",
  tags: TAGS,
  middleware: requireRole("operator"),
  request: { body: { required: true, content: { "application/json": { schema: newTranslation } } } },
  responses: {
    201: { description: "The proposal.", content: { "application/json": { schema: translation } } },
    409: conflict,
    ...ERRORS,
  },
});

const limitFile = bodyLimit({ maxSize: MAX_IMPORT_BYTES, onError: refuseFile });
const csvFile = { required: true, content: { "text/csv": { schema: z.string() } } };

const previewRoute = createRoute({
  method: "post",
  path: PREVIEW_PATH,
  summary: "See what a CSV file would propose",
  description:
    "Changes nothing. A file whose columns are wrong is refused; else each row is named that would be, and why.",
  tags: TAGS,
  middleware: [requireRole("operator"), limitFile] as const,
  request: { query: previewQuery, body: csvFile },
  responses: answersWith(importPreview, "The rows, refused ones first."),
});

const importRoute = createRoute({
  method: "post",
  path: IMPORT_PATH,
  summary: "Propose the translations of a CSV file",
  description:
    "Up to 10,000 rows and 4 MB, with the columns crosswalk, from, to, and of kind, from_system, to_system, reversible, interface, site, domain, effective_from, effective_to, reason and replaces those that are needed. A file with any mistake is refused as a whole, with each mistake by line, unless `refused=leave_out` proposes its other rows.",
  tags: TAGS,
  middleware: [requireRole("operator"), limitFile] as const,
  request: { query: importQuery, body: csvFile },
  responses: {
    201: { description: "What was proposed.", content: { "application/json": { schema: translationImport } } },
    409: conflict,
    ...ERRORS,
  },
});

const decideRoute = createRoute({
  method: "post",
  path: "/crosswalks/decisions",
  summary: "Approve, reject or withdraw translations",
  description:
    "For all that are named or none of them. Approving and rejecting are refused with `second_person_required` for who proposed one. What is approved travels to the edges, and the documents that wait for it are mapped again.",
  tags: TAGS,
  middleware: requireRole("operator"),
  request: { body: { required: true, content: { "application/json": { schema: translationDecision } } } },
  responses: { ...findsWith(decidedTranslations, "What they became."), 409: conflict },
});

export function addCrosswalkRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader, exports } = deps;
  const takeTurn = createTurns();
  const toContext = (c: Context<ApiEnv>) => toCrosswalkContext(c, deps);
  app.openapi(listRoute, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, ...filter } = query;
    return respondWithList(c, exports, {
      name: "crosswalks",
      query,
      columns: TRANSLATION_CSV,
      findPage: ({ limit, cursor }) => listTranslations(reader, toAsker(c), { filter, limit, cursor }),
    });
  });
  app.openapi(proposeRoute, async (c) => {
    const proposals = [{ asked: c.req.valid("json"), path: "/body" }];
    const [made] = await takeTurn(() =>
      proposeTranslations(toContext(c), { proposals, importId: "", isDryRun: false }),
    );
    if (made === undefined) throw new AppError("internal", "Nothing was proposed.");
    return c.json(toTranslation(made), 201);
  });
  app.openapi(importRoute, async (c) => {
    const { reason, dryRun, refused } = c.req.valid("query");
    const rows = readTranslationsCsv(await c.req.text(), { reason });
    const asked = { importId: randomUUID(), isDryRun: dryRun === "true" };
    const proposed = await takeTurn(async () => {
      const context = toContext(c);
      const taken = refused === "leave_out" ? await selectFine(context, rows) : rows;
      return proposeTranslations(context, { proposals: toProposals(taken), ...asked });
    });
    const { importId, isDryRun } = asked;
    const leftOut = rows.length - proposed.length;
    return c.json({ importId: isDryRun ? "" : importId, proposed: proposed.length, leftOut }, 201);
  });
  app.openapi(previewRoute, async (c) => {
    const rows = readTranslationsCsv(await c.req.text(), c.req.valid("query"));
    return c.json(toPreview(await checkImport(toContext(c), rows)), 200);
  });
  app.openapi(decideRoute, async (c) => {
    const rows = await takeTurn(() => decideTranslations(toContext(c), c.req.valid("json")));
    return c.json({ changed: rows.length, items: rows.slice(0, MAX_ANSWERED).map(toTranslation) }, 200);
  });
  app.openapi(detailRoute, async (c) => {
    const { id } = c.req.valid("param");
    const revisions = (await listRevisions(reader, toAsker(c), id)).map(toTranslation);
    const current = revisions.at(-1);
    if (!current) throw new AppError("not_found", `There is no translation ${id}.`);
    const of = { crosswalk: current.crosswalk, value: current.from };
    return c.json({ ...current, revisions, replacements: await listReplacements(reader, toAsker(c), of) }, 200);
  });
}

/** The rows that can be proposed. Throws `invalid_request` where there is none. */
async function selectFine(context: CrosswalkContext, rows: readonly CsvTranslation[]): Promise<CsvTranslation[]> {
  const checked = await checkImport(context, rows);
  const fine = checked.filter(({ issues }) => issues.length === 0);
  return fine.length === 0 ? checked : fine;
}

function toPreview(checked: readonly CsvTranslation[]): ImportPreview {
  const refused = checked.filter(({ issues }) => issues.length > 0);
  const fine = checked.filter(({ issues }) => issues.length === 0);
  return {
    rows: checked.length,
    refused: refused.length,
    items: [...refused, ...fine].slice(0, MAX_ANSWERED).map(({ line, cells, issues }) => ({
      line,
      cells,
      issues: issues.map(({ path, message }) => ({ column: path.split("/")[3] ?? "", message })),
    })),
  };
}

function refuseFile(): never {
  throw new AppError("payload_too_large", `The file may have up to ${MAX_IMPORT_BYTES} bytes.`);
}
