import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  type OutcomeCase,
  type OutcomeItem,
  outcomeCasePage,
  outcomeCasesQuery,
  outcomePath,
  outcomes,
  outcomesQuery,
} from "../contract/outcome.ts";
import { answersWithList, findsWithList } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { chooseFormat, respondWithList } from "../http/list-response.ts";
import { toWholeList } from "../http/whole-list.ts";
import { openCases } from "../outcomes/list-cases.ts";
import type { CheckpointContext } from "../reconciliations/checkpoints/checkpoint-context.ts";
import { openOutcomes, readOutcomes } from "../outcomes/read-outcomes.ts";

const TAGS = ["Outcomes"];

const listRoute = createRoute({
  method: "get",
  path: "/outcomes",
  summary: "Figures of outcomes beside their baseline",
  description:
    "Over a period, 28 days unless given, beside the same length of time before it. What cannot be measured says why and has no figure.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { query: outcomesQuery },
  responses: answersWithList(outcomes, "All figures, in the order in which they are shown."),
});

const casesRoute = createRoute({
  method: "get",
  path: "/outcomes/{id}/cases",
  summary: "The cases that a figure of an outcome is made of",
  description: "What counts, what is left out and why, and what has not come to its end.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { params: outcomePath, query: outcomeCasesQuery },
  responses: findsWithList(outcomeCasePage, "Cases, the latest first."),
});

export function addOutcomeRoutes(app: ApiApp, deps: ApiDeps) {
  app.openapi(listRoute, async (c) => {
    const { format: given, ...asked } = c.req.valid("query");
    const format = chooseFormat(c, given);
    const read = await readOutcomes(await openOutcomes(deps, toContext(c, deps), asked), deps.now());
    if (format === "json") return c.json(read, 200, { vary: "Accept" });
    return respondWithList(c, deps.exports, {
      ...toWholeList(read.items, format),
      name: "outcomes",
      columns: FIGURE_COLUMNS,
    });
  });

  app.openapi(casesRoute, async (c) => {
    const { limit, cursor, format, part, ...asked } = c.req.valid("query");
    const { id } = c.req.valid("param");
    const findPage = await openCases(id, await openOutcomes(deps, toContext(c, deps), asked), { part });
    return respondWithList(c, deps.exports, {
      name: `outcome-${id}`,
      query: { limit, cursor, format },
      columns: COLUMNS,
      findPage: (paging) => Promise.resolve(findPage(paging)),
    });
  });
}

function toContext(c: Context<ApiEnv>, { reader, storeCheckpoint: store, audit, now }: ApiDeps): CheckpointContext {
  const actor = c.get("principal");
  return { reader, asker: toAsker(c), store, audit, actor, requestId: c.get("requestId"), now: now() };
}

const FIGURE_COLUMNS: readonly Column<OutcomeItem>[] = [
  { name: "figure", kind: "text", read: ({ id }) => id },
  { name: "outcome", kind: "text", read: ({ outcome }) => outcome },
  { name: "title", kind: "text", read: ({ title }) => title },
  { name: "formula", kind: "text", read: ({ formula }) => formula },
  { name: "unit", kind: "text", read: ({ unit }) => unit },
  { name: "n", kind: "integer", read: ({ measure }) => measure?.n ?? null },
  { name: "numerator", kind: "text", read: ({ measure }) => measure?.numerator ?? null },
  { name: "denominator", kind: "text", read: ({ measure }) => measure?.denominator ?? null },
  { name: "value", kind: "text", read: ({ measure }) => measure?.value ?? null },
  { name: "p90", kind: "text", read: ({ measure }) => measure?.p90 ?? null },
  { name: "declared", kind: "integer", read: ({ measure }) => measure?.declared ?? null },
  { name: "baseline_n", kind: "integer", read: ({ baseline }) => baseline?.n ?? null },
  { name: "baseline_numerator", kind: "text", read: ({ baseline }) => baseline?.numerator ?? null },
  { name: "baseline_denominator", kind: "text", read: ({ baseline }) => baseline?.denominator ?? null },
  { name: "baseline_value", kind: "text", read: ({ baseline }) => baseline?.value ?? null },
  { name: "baseline_p90", kind: "text", read: ({ baseline }) => baseline?.p90 ?? null },
  { name: "open", kind: "integer", read: ({ open }) => open },
  {
    name: "left_out",
    kind: "text",
    read: ({ exclusions }) => exclusions.map(({ reason, count }) => `${count} ${reason}`).join("; "),
  },
  { name: "because", kind: "text", read: ({ because }) => because },
];

const COLUMNS: readonly Column<OutcomeCase>[] = [
  { name: "part", kind: "text", read: ({ part }) => part },
  { name: "at", kind: "time", read: ({ at }) => at },
  { name: "object_type", kind: "text", read: ({ object }) => object.type },
  { name: "object_id", kind: "text", read: ({ object }) => object.id },
  { name: "value", kind: "text", read: ({ value }) => value },
  { name: "whole", kind: "text", read: ({ whole }) => whole },
  { name: "reason", kind: "text", read: ({ reason }) => reason },
  { name: "note", kind: "text", read: ({ note }) => note },
  { name: "site", kind: "text", read: ({ site }) => site },
  { name: "supplier", kind: "text", read: ({ supplier }) => supplier },
];
