import type { Statement } from "../contract/reconciliation.ts";
import { toHref } from "../http/href.ts";
import type { FlowKind } from "../projections/reconciliations/flows.ts";
import type { LockRow } from "../queries/checkpoint-row.ts";
import { toInstant } from "../queries/time-range.ts";
import type { UnitStatement } from "./build-statement.ts";
import type { RowKind } from "./checkpoints/checkpoint-rows.ts";
import type { Found } from "./item-finder.ts";

type OpenedUnit = Statement["units"][number];

/** The rows of a locked period are those that the lock keeps. */
export function openKept(unit: UnitStatement, lock: LockRow): OpenedUnit {
  const rowsOf = (kind: RowKind) => toKeptHref(lock, { kind, unit: unit.unit });
  const [opening, added, reopened] = [rowsOf("opening"), rowsOf("new"), rowsOf("reopened")];
  const rows = { opening, new: added, reopened, changed: rowsOf("changed"), cleared: rowsOf("cleared") };
  return { ...unit, itemsHref: rowsOf("open"), rows };
}

/** What is known otherwise opens to items and moves. Where the period before is locked, the opening is what that lock keeps. */
export function openKnown(unit: UnitStatement, { range, at, asked }: Found, before: LockRow | undefined): OpenedUnit {
  const path = `/reconciliations/${encodeURIComponent(at.model.rule.id)}`;
  const [from, to] = [toInstant(range.from), toInstant(range.to)];
  const ofUnit = { unit: unit.unit, ...asked };
  const moved = (kind: FlowKind) => toHref(`${path}/moves`, { from, to, kind, ...ofUnit });
  const opening = before
    ? toKeptHref(before, { kind: "open", unit: unit.unit })
    : toHref(`${path}/items`, { to: from, ...ofUnit });
  const rows = {
    opening,
    new: moved("new"),
    reopened: moved("reopened"),
    changed: moved("changed"),
    cleared: moved("cleared"),
  };
  return { ...unit, rows };
}

export function toKeptHref({ reconciliation, checkpoint }: LockRow, rows: { kind: RowKind; unit: string }): string {
  return toHref(`${toCheckpointPath(reconciliation, checkpoint)}/rows`, rows);
}

export function toCheckpointPath(reconciliation: string, checkpoint: string): string {
  return `/reconciliations/${encodeURIComponent(reconciliation)}/checkpoints/${encodeURIComponent(checkpoint)}`;
}
