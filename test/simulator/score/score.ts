import { type Diagnosis, EXPECTED, type FaultKind, diagnose } from "./diagnose.ts";
import type { Judged, SeenFinding, Verdict } from "./judge.ts";

export interface KindScore {
  kind: FaultKind;
  /** Faults of the kind that could be found by the end. */
  faults: number;
  found: number;
  /** Share of the faults that were found as what they are. */
  recall: number;
  /** Share of what was found as this kind that was of this kind. */
  precision: number;
  /** From the onset to the finding, in milliseconds; undefined where none was found. */
  medianMs: number | undefined;
  p90Ms: number | undefined;
}

interface Cell {
  fault: FaultKind | "nothing";
  takenFor: Diagnosis | "nothing" | "unnamed";
  count: number;
}

export interface Score {
  days: number;
  events: number;
  kinds: KindScore[];
  /** Faults by kind and by what they were taken for; `nothing` where none was seen, and for alarms without a fault. */
  confusion: Cell[];
  verdicts: Verdict[];
  missed: Verdict[];
  falseGreens: Verdict[];
  alarms: SeenFinding[];
  consequences: number;
  undecided: number;
}

/** What scores are made of, of one play or of several. */
type Parts = Judged & Pick<Score, "falseGreens" | "days" | "events" | "undecided">;

/** Figures of a comparison. A fault whose leg was still running at the end counts for nothing and is told apart. */
export function toScore(parts: Parts): Score {
  const { verdicts, alarms } = parts;
  const kinds = [...new Set(verdicts.map(({ row }) => row.kind))].toSorted();
  const cells: Omit<Cell, "count">[] = [
    ...verdicts.map(({ row, found, takenFor }) => ({
      fault: row.kind,
      takenFor: found ? EXPECTED[row.kind] : (takenFor ?? ("nothing" as const)),
    })),
    ...alarms.map((finding) => ({ fault: "nothing" as const, takenFor: diagnose(finding) ?? ("unnamed" as const) })),
  ];
  const groups = [...Map.groupBy(cells, ({ fault, takenFor }) => `${fault} ${takenFor}`).values()];
  return {
    ...parts,
    kinds: kinds.map((kind) => toKindScore(kind, verdicts, alarms)),
    confusion: groups.flatMap((group) => group.slice(0, 1).map((cell) => ({ ...cell, count: group.length }))),
    missed: verdicts.filter(({ found }) => found === undefined),
  };
}

/** One score of several plays, as if they were one. */
export function mergeScores(scores: readonly Score[]): Score {
  const sum = (key: "days" | "events" | "undecided" | "consequences") =>
    scores.reduce((total, score) => total + score[key], 0);
  return toScore({
    verdicts: scores.flatMap(({ verdicts }) => verdicts),
    alarms: scores.flatMap(({ alarms }) => alarms),
    falseGreens: scores.flatMap(({ falseGreens }) => falseGreens),
    consequences: sum("consequences"),
    days: sum("days"),
    events: sum("events"),
    undecided: sum("undecided"),
  });
}

const LEAST = 0.98;

/** Whether nearly all is found as what it is, nothing broken is called well, and hardly anything is raised for nothing. */
export function isGood({ kinds, falseGreens }: Score): boolean {
  return falseGreens.length === 0 && kinds.every(({ recall, precision }) => recall >= LEAST && precision >= LEAST);
}

function toKindScore(kind: FaultKind, verdicts: readonly Verdict[], alarms: readonly SeenFinding[]): KindScore {
  const own = verdicts.filter(({ row }) => row.kind === kind);
  const hits = own.filter(({ found }) => found !== undefined);
  const diagnosis = EXPECTED[kind];
  const wrong =
    alarms.filter((finding) => diagnose(finding) === diagnosis).length +
    verdicts.filter(({ row, takenFor }) => takenFor === diagnosis && EXPECTED[row.kind] !== diagnosis).length;
  const delays = hits
    .map(({ row, found }) => Math.max(0, (found?.firstAt ?? 0) - Date.parse(row.onset)))
    .toSorted((a, b) => a - b);
  return {
    kind,
    faults: own.length,
    found: hits.length,
    recall: hits.length / own.length,
    precision: hits.length + wrong === 0 ? 1 : hits.length / (hits.length + wrong),
    medianMs: toRank(delays, 0.5),
    p90Ms: toRank(delays, 0.9),
  };
}

/** The nearest rank. */
function toRank(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
