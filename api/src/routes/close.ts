import { createRoute } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import { checkpointPath } from "../contract/checkpoint.ts";
import { close, closeAccuracy, closeQuery } from "../contract/close.ts";
import { findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { listLocks } from "../queries/list-locks.ts";
import { getHeader } from "../reconciliations/checkpoints/get-header.ts";
import { createTurnstile } from "../reconciliations/checkpoints/turnstile.ts";
import { measureAccuracy } from "../reconciliations/close/measure-accuracy.ts";
import { readClose } from "../reconciliations/close/read-close.ts";
import { createItemFinder } from "../reconciliations/item-finder.ts";

const closeRoute = createRoute({
  method: "get",
  path: "/close",
  summary: "How far a period is from being locked",
  description:
    "Of a company and the fiscal period of a day; the current one unless given. Which feeds are complete up to the cut-off, what is open and worth what, whose it is, and when it has to be locked.",
  tags: ["Reconciliations"],
  middleware: requireRole(...READING_ROLES),
  request: { query: closeQuery },
  responses: findsWith(close, "The close of the period."),
});

const accuracyRoute = createRoute({
  method: "get",
  path: "/reconciliations/{id}/checkpoints/{checkpoint}/accuracy",
  summary: "The accuracy of a close",
  description: "1 − what later facts changed of the postings of a locked period ÷ what was posted in it, by unit.",
  tags: ["Reconciliations"],
  middleware: requireRole(...READING_ROLES),
  request: { params: checkpointPath },
  responses: {
    ...findsWith(closeAccuracy, "The accuracy, each unit by itself."),
    409: { description: "No lock keeps this checkpoint." },
    413: { description: "Later facts touched more than is compared." },
  },
});

export function addCloseRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader, pack, workingTimes } = deps;
  const finder = createItemFinder(deps);
  const turnstile = createTurnstile(2);
  app.openapi(closeRoute, async (c) => {
    const { reconciliations } = pack;
    if (reconciliations === undefined) throw new AppError("not_found", "This pack reconciles nothing.");
    const reading = { reader, workingTimes, asker: toAsker(c), finder, reconciliations };
    return c.json(await readClose(reading, c.req.valid("query")), 200);
  });
  app.openapi(accuracyRoute, async (c) => {
    const path = c.req.valid("param");
    const header = await getHeader(deps, c, path);
    const asker = toAsker(c);
    const [lock] = await listLocks(reader, asker, { reconciliation: path.id, checkpoint: path.checkpoint });
    const { storeCheckpoint: store, audit, now } = deps;
    const actor = c.get("principal");
    const context = { reader, asker, store, audit, actor, requestId: c.get("requestId"), now: now() };
    return c.json(await turnstile(() => measureAccuracy(context, { header, lock })), 200);
  });
}
