import { AppError } from "@throughline/schemas/error";
import { negate } from "@throughline/schemas/exact/rational";
import type { Statement } from "../contract/reconciliation.ts";
import { toHref } from "../http/href.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { LockRow } from "../queries/checkpoint-row.ts";
import { listLocks } from "../queries/list-locks.ts";
import type { OpenItemsAt } from "../queries/open-items.ts";
import { sumCheckpointRows } from "../queries/sum-checkpoint-rows.ts";
import { type FlowSum, sumItemFlows } from "../queries/sum-item-flows.ts";
import { sumOpenItems } from "../queries/sum-open-items.ts";
import { toInstant } from "../queries/time-range.ts";
import { type StatementContext, toUnitStatements } from "./build-statement.ts";
import { type StatementSums, toStatementSums } from "./checkpoints/sum-rows.ts";
import type { Found } from "./item-finder.ts";
import { openKept, openKnown, toCheckpointPath } from "./figure-rows.ts";

const MAX_READINGS = 5;

/**
 * The statement of a reconciliation over a range, by unit. A locked period has the figures of its lock, whatever arrived
 * since. What is read while a step stores its results may hold a part of them: then it does not tie, and is read again. Throws
 * `internal` when it never ties.
 */
export async function readStatement(
  reader: StoreReader,
  asker: Asker,
  found: Found,
): Promise<Pick<Statement, "lock" | "units">> {
  const { range, at, company, asked } = found;
  const { id, materiality } = at.model.rule;
  const by = at.known === undefined ? undefined : at.now;
  const locks = await listLocks(reader, asker, { reconciliation: id, company: company.id, by });
  const standing = locks.filter(({ state }) => state === "locked");
  const lock = standing.find((each) => isAt(each.cutoff_at, range.to) && isAt(each.from_at, range.from));
  const before = standing.find((each) => isAt(each.cutoff_at, range.from));
  const context: StatementContext = {
    id,
    accountLimit: materiality.account,
    to: toInstant(range.to),
    asked,
    locked: before && (await readLocked(reader, asker, before)),
  };
  if (lock) {
    const sums = toStatementSums(await sumCheckpointRows(reader, asker, lock.checkpoint));
    return { lock: toLock(lock), units: toUnitStatements(sums, context).map((unit) => openKept(unit, lock)) };
  }
  for (let reading = 1; ; reading++) {
    const sums = await readSums(reader, asker, { from: range.from, at });
    try {
      const units = toUnitStatements(sums, context);
      return { lock: null, units: units.map((unit) => openKnown(unit, found, before)) };
    } catch (error) {
      const doesNotTie = error instanceof AppError && error.code === "internal";
      if (!doesNotTie || reading === MAX_READINGS) throw error;
    }
  }
}

async function readSums(
  reader: StoreReader,
  asker: Asker,
  { from, at }: { from: number; at: OpenItemsAt },
): Promise<StatementSums> {
  const { id: reconciliation } = at.model.rule;
  const [flows, closing] = await Promise.all([
    sumItemFlows(reader, asker, { reconciliation, from, until: at.cutoff, sites: at.sites, known: at.known }),
    sumOpenItems(reader, asker, at),
  ]);
  return { opening: toOpening(flows), flows, closing };
}

/** What all flows before a range left open. The closing is read from the items themselves, so that all of them have to tie. */
function toOpening(flows: readonly FlowSum[]): StatementSums["opening"] {
  return flows.flatMap(({ unit, kind, items_before: items, value_before: value }) => {
    if (kind === "a" || kind === "b") return [];
    return [kind === "cleared" ? { unit, items: -items, gross: negate(value) } : { unit, items, gross: value }];
  });
}

async function readLocked(reader: StoreReader, asker: Asker, { reconciliation, checkpoint }: LockRow) {
  const { closing } = toStatementSums(await sumCheckpointRows(reader, asker, checkpoint));
  const href = `${toCheckpointPath(reconciliation, checkpoint)}/adjustments`;
  return { checkpoint, closing, href };
}

function toLock({ reconciliation, checkpoint, at, actor, actor_name: name, reason }: LockRow): Statement["lock"] {
  const href = toHref(toCheckpointPath(reconciliation, checkpoint));
  return { checkpoint, lockedAt: at, lockedBy: { id: actor, name }, reason, href };
}

function isAt(instant: string, time: number): boolean {
  return Date.parse(instant) === time;
}
