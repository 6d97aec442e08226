import { type Rational, ZERO, compare, formatDecimal, sum } from "@throughline/schemas/exact/rational";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { DriftQuery, DriftSeries } from "../../contract/drift.ts";
import { toHref } from "../../http/href.ts";
import { exceeds } from "../../projections/matches/tolerance.ts";
import type { Asker, StoreReader } from "../../queries/ask.ts";
import { listFlowSteps } from "../../queries/list-flow-steps.ts";
import { type OpenSum, sumOpenItems } from "../../queries/sum-open-items.ts";
import { toInstant } from "../../queries/time-range.ts";
import type { Found } from "../item-finder.ts";
import { type DriftPoint, listStepEnds, toPoint, toSeries } from "./drift-steps.ts";
import { findShifts } from "./find-shifts.ts";
import { type DriftCause, listAround, listCauses } from "./list-causes.ts";

/** A level lasts at least so many steps: half a week, or a day. */
const MIN_LENGTH = { day: 4, hour: 24 };

/** The gross drift of a reconciliation over time, where its level changed, and what is over its limit now. */
export async function readDrift(
  source: { reader: StoreReader; asker: Asker; pack: Pack },
  found: Found,
  asked: DriftQuery,
): Promise<DriftSeries> {
  const { reader, asker } = source;
  const { at, company } = found;
  const { rule } = at.model;
  const ends = listStepEnds(asked, company.zone, at.now);
  const range = { from: ends[0] ?? at.now, to: ends.at(-1) ?? at.now };
  const [steps, open, causes] = await Promise.all([
    listFlowSteps(reader, asker, { reconciliation: rule.id, ends, sites: company.sites }),
    sumOpenItems(reader, asker, at),
    listCauses(source, found, range),
  ]);
  const series = [...toSeries(steps, ends)].filter(([unit]) => isAsked(unit, asked));
  return {
    reconciliation: rule.id,
    by: asked.by,
    from: toInstant(range.from),
    to: toInstant(range.to),
    zone: company.zone,
    units: series.map(([unit, points]) => ({
      unit,
      points: points.map(toPoint),
      changePoints: listChangePoints(points, { minLength: MIN_LENGTH[asked.by], causes }),
    })),
    findings: listFindings(
      open.filter(({ unit }) => isAsked(unit, asked)),
      found,
    ),
  };
}

function isAsked(unit: string, { unit: asked }: DriftQuery): boolean {
  return asked === undefined || asked.length === 0 || asked.includes(unit);
}

function listChangePoints(
  points: readonly DriftPoint[],
  { minLength, causes }: { minLength: number; causes: readonly DriftCause[] },
): DriftSeries["units"][number]["changePoints"] {
  const shifts = findShifts(
    points.map(({ gross }) => Number(formatDecimal(gross))),
    minLength,
  );
  const bounds = [0, ...shifts.map(({ index }) => index), points.length];
  return shifts.flatMap(({ index }, position) => {
    const before = toLevel(points.slice(bounds[position], index));
    const after = toLevel(points.slice(index, bounds[position + 2]));
    const [last, first] = [points[index - 1], points[index]];
    if (!first || !last || compare(before, after) === 0) return [];
    // It may have begun in the step before.
    const around = { from: points[index - 2]?.at ?? last.at, to: first.at };
    const changed = listAround(causes, around);
    return [{ at: toInstant(last.at), before: formatDecimal(before), after: formatDecimal(after), changed }];
  });
}

/** The gross that half of the points do not exceed. */
function toLevel(points: readonly DriftPoint[]): Rational {
  const sorted = points.map(({ gross }) => gross).toSorted(compare);
  return sorted[(sorted.length - 1) >> 1] ?? ZERO;
}

/** The gross of breaks and cut-off items over the limit of the account. */
function listFindings(open: readonly OpenSum[], { at, asked }: Found): DriftSeries["findings"] {
  const { id, materiality } = at.model.rule;
  const off = open.filter((each) => each.class === "BREAK" || each.class === "CUTOFF");
  return [...Map.groupBy(off, ({ unit }) => unit)].flatMap(([unit, own]) => {
    const gross = sum(own.map((each) => each.gross));
    if (!exceeds(gross, materiality.account)) return [];
    const path = `/reconciliations/${encodeURIComponent(id)}/items`;
    const href = toHref(path, { to: toInstant(at.cutoff), unit, class: ["BREAK", "CUTOFF"], ...asked });
    return [{ kind: "gross_over_limit" as const, unit, gross: formatDecimal(gross), limit: materiality.account, href }];
  });
}
