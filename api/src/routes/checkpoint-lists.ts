import { createRoute } from "@hono/zod-openapi";
import {
  type Checkpoint,
  type KeptRow,
  type LateChange,
  checkpointPage,
  checkpointPath,
  checkpointRowPage,
  checkpointRowsQuery,
  checkpointsQuery,
  lateChangePage,
  lateChangesQuery,
} from "../contract/checkpoint.ts";
import { reconciliationPath } from "../contract/reconciliation.ts";
import { answersWithList } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { findReconciledStep } from "../queries/find-reconciled-step.ts";
import { listCheckpointRows } from "../queries/list-checkpoint-rows.ts";
import { listCheckpoints } from "../queries/list-checkpoints.ts";
import { listLateChanges } from "../queries/list-late-changes.ts";
import { listLocks } from "../queries/list-locks.ts";
import { toMoment } from "../queries/time-range.ts";
import { checkpointInputs, toItemsAt, toModel } from "../reconciliations/checkpoints/checkpoint-inputs.ts";
import { describeCheckpoint } from "../reconciliations/checkpoints/describe-checkpoint.ts";
import { getHeader } from "../reconciliations/checkpoints/get-header.ts";

const TAGS = ["Reconciliations"];
const BASE = "/reconciliations/{id}/checkpoints";
const ONE = `${BASE}/{checkpoint}`;
const reading = requireRole(...READING_ROLES);

const listRoute = createRoute({
  method: "get",
  path: BASE,
  summary: "The checkpoints of a reconciliation",
  tags: TAGS,
  middleware: reading,
  request: { params: reconciliationPath, query: checkpointsQuery },
  responses: answersWithList(checkpointPage, "Checkpoints, the latest cut-off first."),
});

const rowsRoute = createRoute({
  method: "get",
  path: `${ONE}/rows`,
  summary: "The rows that a lock keeps",
  tags: TAGS,
  middleware: reading,
  request: { params: checkpointPath, query: checkpointRowsQuery },
  responses: answersWithList(checkpointRowPage, "Rows in their order; none as long as it was never locked."),
});

const adjustmentsRoute = createRoute({
  method: "get",
  path: `${ONE}/adjustments`,
  summary: "What is known otherwise since a lock",
  description: "The open items of the locked cut-off that later facts changed: the adjustments that name the lock.",
  tags: TAGS,
  middleware: reading,
  request: { params: checkpointPath, query: lateChangesQuery },
  responses: answersWithList(lateChangePage, "Items, by key."),
});

const CHECKPOINT_COLUMNS: readonly Column<Checkpoint>[] = [
  { name: "id", kind: "text", read: ({ id }) => id },
  { name: "company", kind: "text", read: ({ company }) => company },
  { name: "period", kind: "text", read: ({ period }) => period.id },
  { name: "from", kind: "time", read: ({ period }) => period.from },
  { name: "to", kind: "time", read: ({ period }) => period.to },
  { name: "rule_version", kind: "text", read: ({ ruleVersion }) => ruleVersion },
  { name: "arrived_until", kind: "time", read: ({ watermark }) => watermark.arrivedUntil },
  { name: "facts", kind: "integer", read: ({ facts }) => facts },
  { name: "input_digest", kind: "text", read: ({ inputDigest }) => inputDigest },
  { name: "result_digest", kind: "text", read: ({ resultDigest }) => resultDigest },
  { name: "made_at", kind: "time", read: ({ madeAt }) => madeAt },
  { name: "made_by", kind: "text", read: ({ madeBy }) => madeBy.name },
  { name: "lock", kind: "text", read: ({ lock }) => lock?.state ?? null },
  { name: "lock_at", kind: "time", read: ({ lock }) => lock?.at ?? null },
  { name: "lock_by", kind: "text", read: ({ lock }) => lock?.by.name ?? null },
];

const ROW_COLUMNS: readonly Column<KeptRow>[] = [
  { name: "ordinal", kind: "integer", read: ({ ordinal }) => ordinal },
  { name: "kind", kind: "text", read: ({ kind }) => kind },
  { name: "unit", kind: "text", read: ({ unit }) => unit },
  { name: "site", kind: "text", read: ({ site }) => site },
  { name: "key", kind: "text", read: ({ key }) => key.join(" / ") },
  { name: "side", kind: "text", read: ({ side }) => side },
  { name: "count", kind: "integer", read: ({ count }) => count },
  { name: "value", kind: "text", read: ({ value }) => value },
  { name: "gross", kind: "text", read: ({ gross }) => gross },
  { name: "class", kind: "text", read: (row) => row.class },
  { name: "cause", kind: "text", read: ({ cause }) => cause },
  { name: "days", kind: "text", read: ({ days }) => days },
  { name: "body", kind: "text", read: ({ body }) => body },
];

const LATE_COLUMNS: readonly Column<LateChange>[] = [
  { name: "checkpoint", kind: "text", read: ({ checkpoint }) => checkpoint },
  { name: "key", kind: "text", read: ({ key }) => key.join(" / ") },
  { name: "unit", kind: "text", read: ({ unit }) => unit },
  { name: "side", kind: "text", read: ({ side }) => side },
  { name: "locked", kind: "text", read: ({ locked }) => locked },
  { name: "known", kind: "text", read: ({ known }) => known },
  { name: "count", kind: "integer", read: ({ count }) => count },
  { name: "gross", kind: "text", read: ({ gross }) => gross },
  { name: "net", kind: "text", read: ({ net }) => net },
  { name: "site", kind: "text", read: ({ site }) => site },
  { name: "source", kind: "text", read: ({ source }) => source },
  { name: "id", kind: "text", read: ({ id }) => id },
];

export function addCheckpointListRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader, exports } = deps;
  app.openapi(listRoute, (c) => {
    const asker = toAsker(c);
    const { company, ...query } = c.req.valid("query");
    const { id: reconciliation } = c.req.valid("param");
    return respondWithList(c, exports, {
      name: `checkpoints-${reconciliation}`,
      query,
      columns: CHECKPOINT_COLUMNS,
      findPage: async (paging) => {
        const filter = { reconciliation, company };
        const { headers, nextCursor } = await listCheckpoints(reader, asker, { filter, ...paging });
        const locks = await listLocks(reader, asker, { ...filter, isHistory: true });
        const lockOf = (id: string) => locks.find((lock) => lock.checkpoint === id);
        const items = headers.map((header) => describeCheckpoint({ reader, asker }, header, lockOf(header.id)));
        return { items: await Promise.all(items), nextCursor };
      },
    });
  });
  app.openapi(rowsRoute, async (c) => {
    const asker = toAsker(c);
    const { limit, cursor, format, ...filter } = c.req.valid("query");
    const { id, inputs } = await getHeader(deps, c, c.req.valid("param"));
    const { subjectType } = toModel(checkpointInputs.parse(JSON.parse(inputs)));
    return respondWithList(c, exports, {
      name: `checkpoint-${id}`,
      query: { limit, cursor, format },
      columns: ROW_COLUMNS,
      findPage: (paging) => listCheckpointRows(reader, asker, { checkpoint: id, subjectType, filter, ...paging }),
    });
  });
  app.openapi(adjustmentsRoute, async (c) => {
    const asker = toAsker(c);
    const { limit, cursor, format, asOf, ...filter } = c.req.valid("query");
    const header = await getHeader(deps, c, c.req.valid("param"));
    const moment = toMoment(asOf, deps.now);
    const known = asOf === undefined ? {} : { known: (await findReconciledStep(reader, asker, moment)).batch };
    const at = { ...toItemsAt(checkpointInputs.parse(JSON.parse(header.inputs))), ...known };
    return respondWithList(c, exports, {
      name: `adjustments-${header.id}`,
      query: { limit, cursor, format },
      columns: LATE_COLUMNS,
      findPage: (paging) => listLateChanges(reader, asker, { checkpoint: header.id, at, filter, ...paging }),
    });
  });
}
