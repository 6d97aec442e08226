import { createRoute } from "@hono/zod-openapi";
import { driftQuery, driftSeries } from "../contract/drift.ts";
import { reconciliationPath } from "../contract/reconciliation.ts";
import { findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { readDrift } from "../reconciliations/drift/read-drift.ts";
import { createItemFinder } from "../reconciliations/item-finder.ts";

const route = createRoute({
  method: "get",
  path: "/reconciliations/{id}/drift",
  summary: "How far both sides were apart over time",
  description:
    "Gross, net and count at the end of each day or hour, where the level of the gross changed, and what is known to have changed around that. Without a range: the last ninety days, or two weeks by hour.",
  tags: ["Reconciliations"],
  middleware: requireRole(...READING_ROLES),
  request: { params: reconciliationPath, query: driftQuery },
  responses: findsWith(driftSeries, "The series of each unit."),
});

export function addDriftRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader, pack } = deps;
  const finder = createItemFinder(deps);
  app.openapi(route, async (c) => {
    const asker = toAsker(c);
    const asked = c.req.valid("query");
    const find = await finder.open(asker);
    const found = find(c.req.valid("param").id, { company: asked.company });
    return c.json(await readDrift({ reader, asker, pack }, found, asked), 200);
  });
}
