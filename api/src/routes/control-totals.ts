import { createRoute } from "@hono/zod-openapi";
import {
  controlDifferences,
  controlDifferencesQuery,
  controlTotals,
  controlTotalsQuery,
} from "../contract/control-totals.ts";
import { reconciliationPath } from "../contract/reconciliation.ts";
import { findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { createTurnstile } from "../reconciliations/checkpoints/turnstile.ts";
import { compareHops, listHopDifferences } from "../reconciliations/compare-hops.ts";
import { createItemFinder } from "../reconciliations/item-finder.ts";

const TAGS = ["Reconciliations"];
/** Each reads the events of its window; a page asks for the differences of several units at once. */
const MAX_RUNNING = 8;

const totalsRoute = createRoute({
  method: "get",
  path: "/reconciliations/{id}/control-totals",
  summary: "Control totals of both sides",
  description:
    "What both sides stated in a window, by the times of the events: how many, how much, and a digest of keys and values.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { params: reconciliationPath, query: controlTotalsQuery },
  responses: {
    ...findsWith(controlTotals, "The totals, by unit."),
    409: { description: "It compares levels." },
    429: { description: "Others are being compared." },
  },
});

const differencesRoute = createRoute({
  method: "get",
  path: "/reconciliations/{id}/control-totals/differences",
  summary: "The keys by which control totals differ",
  description: "Found by dividing the keys until what differs is small enough to be listed; at most 1,000.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { params: reconciliationPath, query: controlDifferencesQuery },
  responses: {
    ...findsWith(controlDifferences, "Keys, in their order."),
    409: { description: "It compares levels." },
    429: { description: "Others are being compared." },
  },
});

export function addControlTotalRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader } = deps;
  const finder = createItemFinder(deps);
  const turnstile = createTurnstile(MAX_RUNNING);
  app.openapi(totalsRoute, async (c) => {
    const [asker, window] = [toAsker(c), c.req.valid("query")];
    const found = (await finder.open(asker))(c.req.valid("param").id, { company: window.company });
    return c.json(await turnstile(() => compareHops(reader, asker, { found, window })), 200);
  });
  app.openapi(differencesRoute, async (c) => {
    const asker = toAsker(c);
    const { unit, ...window } = c.req.valid("query");
    const found = (await finder.open(asker))(c.req.valid("param").id, { company: window.company });
    return c.json(await turnstile(() => listHopDifferences(reader, asker, { found, window, unit })), 200);
  });
}
