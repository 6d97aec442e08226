import {
  type Cohort,
  type ForecastLevel,
  type LegKind,
  type Likeness,
  findParent,
  listGroups,
  toKindKey,
  toLevel,
  toLikenessKey,
} from "./cohort.ts";
import { CELLS } from "./share-grid.ts";

/** Legs that must have run as long as one before anything is said of it. */
export const MIN_LIKE = 10;

/** How many legs the larger group counts for beside a group's own. */
const PARENT_WEIGHT = 4;

/** What is taken for granted of a leg that nothing is known of: it ends at an even pace, by the weight of one leg. */
const FIRST_WEIGHT = 1;
const FIRST_HAZARD = 1 / CELLS;

/** What is known of the legs of one group, frozen. */
export interface ForecastCurve extends LegKind, Likeness {
  level: ForecastLevel;
  /** Legs past their deadline that had run at least as long, by the points of the grid but the last. */
  like: readonly number[];
  /** The chance to miss the deadline when still running there, by the points of the grid; the last is 1. */
  late: readonly number[];
}

interface Group {
  likeness: Likeness;
  ended: number[];
  matured: number[];
  running: number[];
  late: number;
}

/**
 * The curves of every group of at least `MIN_LIKE` legs past their deadline. The chance to end within a cell, while running at its start, is
 * counted as in a life table, where legs that were lost from sight count half, and drawn towards that of the larger group.
 */
export function fitForecasts(cohorts: readonly Cohort[]): ForecastCurve[] {
  return [...Map.groupBy(cohorts, toKindKey).values()].flatMap((own) => fitKind(own));
}

function fitKind(cohorts: readonly Cohort[]): ForecastCurve[] {
  const [first] = cohorts;
  if (first === undefined) return [];
  const { flow, leg, domain, calendar, criticality } = first;
  const groups = sumGroups(cohorts);
  const fitted = new Map<string, { hazards: number[]; like: number[] }>();
  const fit = (likeness: Likeness): { hazards: number[]; like: number[] } => {
    const key = toLikenessKey(likeness);
    const known = fitted.get(key);
    if (known) return known;
    const parent = findParent(likeness);
    const prior = parent
      ? { hazards: fit(parent).hazards, weight: PARENT_WEIGHT }
      : { hazards: Array.from({ length: CELLS }, () => FIRST_HAZARD), weight: FIRST_WEIGHT };
    const result = toHazards(groups.get(key), prior);
    fitted.set(key, result);
    return result;
  };
  return [...groups.values()].flatMap(({ likeness }) => {
    const { hazards, like } = fit(likeness);
    if ((like[0] ?? 0) < MIN_LIKE) return [];
    const kind = { flow, leg, domain, calendar, criticality };
    return [{ ...kind, ...likeness, level: toLevel(likeness), like, late: toLate(hazards) }];
  });
}

function sumGroups(cohorts: readonly Cohort[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const cohort of cohorts)
    for (const likeness of listGroups(cohort)) {
      const key = toLikenessKey(likeness);
      const empty = () => Array.from({ length: CELLS }, () => 0);
      const group = groups.get(key) ?? { likeness, ended: empty(), matured: empty(), running: empty(), late: 0 };
      groups.set(key, group);
      for (let cell = 0; cell < CELLS; cell += 1) {
        group.ended[cell] = (group.ended[cell] ?? 0) + (cohort.ended[cell] ?? 0);
        group.matured[cell] = (group.matured[cell] ?? 0) + (cohort.matured[cell] ?? 0);
        group.running[cell] = (group.running[cell] ?? 0) + (cohort.running[cell] ?? 0);
      }
      group.late += cohort.late;
    }
  return groups;
}

function toHazards(group: Group | undefined, prior: { hazards: readonly number[]; weight: number }) {
  const { ended = [], matured = [], running = [], late = 0 } = group ?? {};
  let left = [...ended, ...running].reduce((sum, legs) => sum + legs, late);
  let maturedLeft = matured.reduce((sum, legs) => sum + legs, late);
  const like: number[] = [];
  const hazards = prior.hazards.map((expected, cell) => {
    const [ends, lost] = [ended[cell] ?? 0, running[cell] ?? 0];
    like.push(maturedLeft);
    const hazard = (ends + prior.weight * expected) / (left - lost / 2 + prior.weight);
    left -= ends + lost;
    maturedLeft -= matured[cell] ?? 0;
    return hazard;
  });
  return { hazards, like };
}

function toLate(hazards: readonly number[]): number[] {
  const late = [1];
  for (const hazard of hazards.toReversed()) late.push((late.at(-1) ?? 1) * (1 - hazard));
  return late.toReversed();
}
