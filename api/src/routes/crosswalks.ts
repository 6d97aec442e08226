import { randomUUID } from "node:crypto";
import { createRoute } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import {
  decidedTranslations,
  importQuery,
  newTranslation,
  translation,
  translationDecision,
  translationDetail,
  translationImport,
  translationPage,
  translationPath,
  translationsQuery,
} from "../contract/crosswalk.ts";
import { createTurns, toCrosswalkContext } from "../crosswalks/crosswalk-context.ts";
import { decideTranslations } from "../crosswalks/decide-translations.ts";
import { proposeTranslations } from "../crosswalks/propose-translations.ts";
import { readTranslationsCsv } from "../crosswalks/read-translations-csv.ts";
import { answersWithList, ERRORS, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { respondWithList } from "../http/list-response.ts";
import { listRevisions } from "../queries/find-translations.ts";
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

const importRoute = createRoute({
  method: "post",
  path: IMPORT_PATH,
  summary: "Propose the translations of a CSV file",
  description:
    "Up to 10,000 rows and 4 MB, with the columns crosswalk, from, to, and of kind, from_system, to_system, reversible, interface, site, domain, effective_from, effective_to, reason and replaces those that are needed. A file with any mistake is refused as a whole, with each mistake by line.",
  tags: TAGS,
  middleware: [requireRole("operator"), bodyLimit({ maxSize: MAX_IMPORT_BYTES, onError: refuseFile })] as const,
  request: { query: importQuery, body: { required: true, content: { "text/csv": { schema: z.string() } } } },
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
    const { reason, dryRun } = c.req.valid("query");
    const proposals = readTranslationsCsv(await c.req.text(), { reason });
    const asked = { proposals, importId: randomUUID(), isDryRun: dryRun === "true" };
    const rows = await takeTurn(() => proposeTranslations(toContext(c), asked));
    return c.json({ importId: asked.isDryRun ? "" : asked.importId, proposed: rows.length }, 201);
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
    return c.json({ ...current, revisions }, 200);
  });
}

function refuseFile(): never {
  throw new AppError("payload_too_large", `The file may have up to ${MAX_IMPORT_BYTES} bytes.`);
}
