import { z } from "zod";
import type { Checkpoint } from "../../contract/checkpoint.ts";
import { unitStatement } from "../../contract/reconciliation.ts";
import { toHref } from "../../http/href.ts";
import type { Asker, StoreReader } from "../../queries/ask.ts";
import type { CheckpointHeader, LockRow } from "../../queries/checkpoint-row.ts";
import { sumCheckpointRows } from "../../queries/sum-checkpoint-rows.ts";
import { toUnitStatements } from "../build-statement.ts";
import { toCheckpointPath } from "../figure-rows.ts";
import { coversCompany } from "./checkpoint-context.ts";
import { type CheckpointInputs, checkpointInputs } from "./checkpoint-inputs.ts";
import { toStatementSums } from "./sum-rows.ts";

const storedUnits = z.array(unitStatement);

/** A checkpoint as its reader may see it. Who may see only some of its sites sees figures of these, from the kept rows. */
export async function describeCheckpoint(
  { reader, asker }: { reader: StoreReader; asker: Asker },
  header: CheckpointHeader,
  lock: LockRow | undefined,
): Promise<Checkpoint> {
  const path = toCheckpointPath(header.reconciliation, header.id);
  const inputs = checkpointInputs.parse(JSON.parse(header.inputs));
  const cursors = z.record(z.string(), z.number()).parse(JSON.parse(header.cursors));
  return {
    id: header.id,
    reconciliation: header.reconciliation,
    company: header.company,
    period: {
      id: header.period === "" ? null : header.period,
      from: header.from_at,
      to: header.cutoff_at,
      zone: inputs.company.zone,
    },
    ruleVersion: header.rule_version,
    watermark: {
      arrivedUntil: header.arrived_at,
      logs: Object.entries(cursors).map(([log, position]) => ({ log, position })),
    },
    facts: header.facts,
    rows: header.row_count,
    inputDigest: header.input_digest,
    resultDigest: header.result_digest,
    madeAt: header.at,
    madeBy: { id: header.actor, name: header.actor_name },
    lock: lock ? toLockState(lock) : null,
    units: await readUnits({ reader, asker }, { header, inputs, lock }),
    href: toHref(path),
    rowsHref: toHref(`${path}/rows`),
    adjustmentsHref: toHref(`${path}/adjustments`),
  };
}

function toLockState({
  state,
  version,
  at,
  actor,
  actor_name: name,
  reason,
}: LockRow): NonNullable<Checkpoint["lock"]> {
  return { state, version, at, by: { id: actor, name }, reason };
}

async function readUnits(
  { reader, asker }: { reader: StoreReader; asker: Asker },
  { header, inputs, lock }: { header: CheckpointHeader; inputs: CheckpointInputs; lock: LockRow | undefined },
): Promise<Checkpoint["units"]> {
  if (coversCompany(asker.scope, inputs.company)) return storedUnits.parse(JSON.parse(header.result));
  if (lock === undefined) return null;
  const sums = toStatementSums(await sumCheckpointRows(reader, asker, header.id));
  const { id, materiality } = inputs.rule;
  return toUnitStatements(sums, { id, accountLimit: materiality.account, to: header.cutoff_at });
}
