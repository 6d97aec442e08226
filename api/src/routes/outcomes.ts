import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  type OutcomeCase,
  outcomeCasePage,
  outcomeCasesQuery,
  outcomePath,
  outcomes,
  outcomesQuery,
} from "../contract/outcome.ts";
import { answersWith, findsWithList } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
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
  responses: answersWith(outcomes, "All figures, in the order in which they are shown."),
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
    const reading = await openOutcomes(deps, toContext(c, deps), c.req.valid("query"));
    return c.json(await readOutcomes(reading, deps.now()), 200);
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
