import { createRoute } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import type { Context } from "hono";
import { checkpoint, checkpointPath, lockChange, newCheckpoint, reproduction } from "../contract/checkpoint.ts";
import { reconciliationPath } from "../contract/reconciliation.ts";
import { ERRORS, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { listLocks } from "../queries/list-locks.ts";
import { lockCheckpoint, unlockCheckpoint } from "../reconciliations/checkpoints/change-lock.ts";
import type { CheckpointContext } from "../reconciliations/checkpoints/checkpoint-context.ts";
import { describeCheckpoint } from "../reconciliations/checkpoints/describe-checkpoint.ts";
import { makeCheckpoint } from "../reconciliations/checkpoints/make-checkpoint.ts";
import { reproduceCheckpoint } from "../reconciliations/checkpoints/reproduce-checkpoint.ts";
import { createTurnstile } from "../reconciliations/checkpoints/turnstile.ts";
import { type CheckpointPath, getHeader } from "../reconciliations/checkpoints/get-header.ts";
import { createItemFinder } from "../reconciliations/item-finder.ts";

const TAGS = ["Reconciliations"];
const BASE = "/reconciliations/{id}/checkpoints";
const ONE = `${BASE}/{checkpoint}`;
const reading = requireRole(...READING_ROLES);
const conflict = { description: "It does not stand as it was seen; `code` is `conflict`." };
const jsonOf = <Schema>(schema: Schema) => ({ required: true, content: { "application/json": { schema } } });

const makeRoute = createRoute({
  method: "post",
  path: BASE,
  summary: "Make a checkpoint",
  description:
    "Evaluates the period from the events, up to what has arrived, and keeps the result with all that it depends on. With a `key` the request may be repeated.",
  tags: TAGS,
  middleware: requireRole("operator", "auditor"),
  request: { params: reconciliationPath, body: jsonOf(newCheckpoint) },
  responses: {
    201: { description: "The checkpoint.", content: { "application/json": { schema: checkpoint } } },
    404: { description: "There is no such reconciliation or company." },
    413: { description: "There is more to evaluate than a checkpoint may hold." },
    ...ERRORS,
  },
});

const detailRoute = createRoute({
  method: "get",
  path: ONE,
  summary: "A checkpoint",
  tags: TAGS,
  middleware: reading,
  request: { params: checkpointPath },
  responses: findsWith(checkpoint, "The checkpoint, and its lock."),
});

function toLockRoute<Verb extends "lock" | "unlock">(verb: Verb, summary: string, description: string) {
  return createRoute({
    method: "post",
    path: `${ONE}/${verb}`,
    summary,
    description,
    tags: TAGS,
    middleware: verb === "lock" ? requireRole("operator", "auditor") : requireRole("auditor"),
    request: { params: checkpointPath, body: jsonOf(lockChange) },
    responses: { ...findsWith(checkpoint, "The checkpoint as it stands now."), 409: conflict },
  });
}

const lockRoute = toLockRoute(
  "lock",
  "Lock the period of a checkpoint",
  "Keeps its rows. The figures of the period are these from then on; what arrives later becomes an adjustment that names it.",
);
const unlockRoute = toLockRoute(
  "unlock",
  "Open a locked period again",
  "By an auditor or administrator, with a reason. What was kept stays, and can still be reproduced.",
);

const reproduceRoute = createRoute({
  method: "post",
  path: `${ONE}/reproduce`,
  summary: "Reproduce a checkpoint",
  description:
    "Evaluates it again from the events up to its arrival watermark, by the rules and watermarks that are stored with it, and compares row by row, byte for byte.",
  tags: TAGS,
  middleware: requireRole("operator", "auditor"),
  request: { params: checkpointPath },
  responses: findsWith(reproduction, "Whether it is the same, and what is not."),
});

export function addCheckpointRoutes(app: ApiApp, deps: ApiDeps) {
  const finder = createItemFinder(deps);
  const turnstile = createTurnstile(1);
  const describe = async (c: Context<ApiEnv>, path: CheckpointPath) => {
    const asker = toAsker(c);
    const header = await getHeader(deps, c, path);
    const [lock] = await listLocks(deps.reader, asker, { reconciliation: path.id, checkpoint: path.checkpoint });
    return describeCheckpoint({ reader: deps.reader, asker }, header, lock);
  };

  app.openapi(makeRoute, async (c) => {
    const { key, ...asked } = c.req.valid("json");
    const { id } = c.req.valid("param");
    const found = (await finder.open(toAsker(c)))(id, asked);
    const { reconciliations } = deps.pack;
    if (reconciliations === undefined) throw new AppError("not_found", `There is no reconciliation ${id}.`);
    const { books } = reconciliations;
    const header = await turnstile(() => makeCheckpoint(toContext(c, deps), { found, books, key }));
    return c.json(await describe(c, { id, checkpoint: header.id }), 201);
  });
  app.openapi(detailRoute, async (c) => c.json(await describe(c, c.req.valid("param")), 200));
  app.openapi(lockRoute, async (c) => {
    const header = await getHeader(deps, c, c.req.valid("param"));
    await turnstile(() => lockCheckpoint(toContext(c, deps), { header, ...c.req.valid("json") }));
    return c.json(await describe(c, c.req.valid("param")), 200);
  });
  app.openapi(unlockRoute, async (c) => {
    const header = await getHeader(deps, c, c.req.valid("param"));
    await unlockCheckpoint(toContext(c, deps), { header, ...c.req.valid("json") });
    return c.json(await describe(c, c.req.valid("param")), 200);
  });
  app.openapi(reproduceRoute, async (c) => {
    const header = await getHeader(deps, c, c.req.valid("param"));
    return c.json(await turnstile(() => reproduceCheckpoint(toContext(c, deps), header)), 200);
  });
}

function toContext(c: Context<ApiEnv>, { reader, storeCheckpoint: store, audit, now }: ApiDeps): CheckpointContext {
  const actor = c.get("principal");
  return { reader, asker: toAsker(c), store, audit, actor, requestId: c.get("requestId"), now: now() };
}
