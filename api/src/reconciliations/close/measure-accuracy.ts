import { toLocalDate } from "@throughline/schemas/calendar/fiscal-period";
import { AppError } from "@throughline/schemas/error";
import { type Rational, ZERO, add, formatDecimal, round, sum } from "@throughline/schemas/exact/rational";
import type { CloseAccuracy } from "../../contract/close.ts";
import { findPlace } from "../../projections/reconciliations/item-row.ts";
import type { ReconciliationModel } from "../../projections/reconciliations/model.ts";
import { KEY_SEPARATOR } from "../../projections/reconciliations/entry-key.ts";
import { readEntries } from "../../projections/reconciliations/read-entries.ts";
import { RECONCILER } from "../../projections/reconciler/plan.ts";
import type { CheckpointHeader, LockRow } from "../../queries/checkpoint-row.ts";
import { toChunks } from "../../queries/chunks.ts";
import { type Cursors, findArrivalWatermark } from "../../queries/find-arrival-watermark.ts";
import { listLateSubjects } from "../../queries/list-late-subjects.ts";
import { sumCheckpointRows } from "../../queries/sum-checkpoint-rows.ts";
import { toInstant } from "../../queries/time-range.ts";
import { type CheckpointContext, assertCovers } from "../checkpoints/checkpoint-context.ts";
import { type CheckpointInputs, checkpointInputs, toModel } from "../checkpoints/checkpoint-inputs.ts";
import { type SubjectHistory, readHistory } from "../checkpoints/evaluate-history.ts";
import { comparePostings, findCloseAccuracy } from "./close-accuracy.ts";

/** Most objects that later facts may have touched. */
const MAX_SUBJECTS = 50_000;
const DAY_MS = 86_400_000;
const DIGITS = 6;

type Change = ReturnType<typeof comparePostings>;

/**
 * How much of a locked period had to be put right by what arrived since, against what was posted in it. Throws `conflict` where
 * no lock keeps the checkpoint, and `payload_too_large` when more than 50,000 objects were touched.
 */
export async function measureAccuracy(
  context: CheckpointContext,
  { header, lock }: { header: CheckpointHeader; lock: LockRow | undefined },
): Promise<CloseAccuracy> {
  const { reader, asker, now } = context;
  const inputs = checkpointInputs.parse(JSON.parse(header.inputs));
  assertCovers(context.actor, inputs.company, inputs.rule.domain);
  if (lock?.state !== "locked") throw new AppError("conflict", "This checkpoint locks no period.");
  const cursors = await findArrivalWatermark(reader, asker, RECONCILER);
  const changes = await findChanges(context, inputs, cursors);
  const kept = (await sumCheckpointRows(reader, asker, header.id)).filter(({ kind }) => kind === "posting");
  const units = [...new Set([...kept.map(({ unit }) => unit), ...changes.keys()])].toSorted().map((unit) => {
    const own = kept.filter((each) => each.unit === unit);
    const postings = sum(own.map(({ gross }) => gross));
    const { changed, count } = changes.get(unit) ?? { changed: ZERO, count: 0 };
    const accuracy = findCloseAccuracy(changed, postings);
    return {
      unit,
      adjustments: formatDecimal(changed),
      adjusted: count,
      postings: formatDecimal(postings),
      posted: own.reduce((left, { items }) => left + items, 0),
      accuracy: accuracy === undefined ? null : formatDecimal(round(accuracy, DIGITS)),
    };
  });
  const { company, cutoff } = inputs;
  return {
    checkpoint: header.id,
    period: {
      id: header.period === "" ? null : header.period,
      from: header.from_at,
      to: header.cutoff_at,
      zone: company.zone,
    },
    daysToLock: countDays(cutoff - 1, Date.parse(lock.at), company.zone),
    readAt: toInstant(now),
    units,
  };
}

/** Days from one local date to another; below 0 when the second is the earlier. */
export function countDays(from: number, to: number, zone: string): number {
  const [first, last] = [from, to].map((time) => Date.parse(`${toLocalDate(time, zone)}T00:00:00Z`));
  return Math.round(((last ?? 0) - (first ?? 0)) / DAY_MS);
}

async function findChanges(
  { reader, asker }: CheckpointContext,
  inputs: CheckpointInputs,
  until: Cursors,
): Promise<Map<string, Change>> {
  const model = toModel(inputs);
  const question = {
    types: [...model.types],
    subjectType: model.subjectType,
    from: inputs.cursors,
    until,
    cutoff: inputs.cutoff,
    isDated: model.sides.b.dateAttribute !== undefined || model.sides.b.isLevel,
  };
  const subjects = await listLateSubjects(reader, asker, { question, most: MAX_SUBJECTS + 1 });
  if (subjects.length > MAX_SUBJECTS)
    throw new AppError("payload_too_large", `Later facts touched more than ${MAX_SUBJECTS} objects.`);
  const changes = new Map<string, Change>();
  for (const chunk of toChunks(subjects, (subject) => subject.length)) {
    const [before, after] = await Promise.all(
      [inputs.cursors, until].map(async (cursors) => {
        const found = new Map<string, Map<string, Rational>>();
        await readHistory({ reader, asker }, { model, cursors, subjects: chunk }, (history) =>
          addPostings(found, { history, model, inputs }),
        );
        return found;
      }),
    );
    for (const unit of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
      const { changed, count } = comparePostings(before?.get(unit) ?? new Map(), after?.get(unit) ?? new Map());
      const known = changes.get(unit) ?? { changed: ZERO, count: 0 };
      if (count > 0) changes.set(unit, { changed: add(known.changed, changed), count: known.count + count });
    }
  }
  return changes;
}

/** What side b posted of an object within the period, by unit and posting. */
function addPostings(
  found: Map<string, Map<string, Rational>>,
  { history, model, inputs }: { history: SubjectHistory; model: ReconciliationModel; inputs: CheckpointInputs },
) {
  const { from, cutoff, company } = inputs;
  const read = readEntries(model, history, history.contested);
  for (const [unit, entries] of read.units)
    for (const group of Map.groupBy(entries, ({ key }) => key).values()) {
      const { site } = findPlace(group, read);
      if (company.sites !== undefined && !company.sites.includes(site)) continue;
      for (const { side, id, key, movements } of group) {
        const within = movements.filter(({ at }) => at >= from && at < cutoff);
        if (side !== "b" || within.length === 0) continue;
        const postings = found.get(unit) ?? new Map<string, Rational>();
        found.set(unit, postings.set(`${key}${KEY_SEPARATOR}${id}`, sum(within.map(({ value }) => value))));
      }
    }
}
