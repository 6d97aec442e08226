import type { LEG_FLAGS, Verdict } from "@throughline/schemas/leg";
import type { Move } from "./moves.ts";
import type { Wake } from "./leg-state.ts";

/** A verdict of one leg of one instance, as it is appended. Times in milliseconds since 1970 UTC. */
export interface LegRow {
  flow: string;
  leg: string;
  instanceType: string;
  instanceId: string;
  occurrence: number;
  verdict: Verdict;
  startedAt: number | undefined;
  endedAt: number | undefined;
  dueAt: number | undefined;
  atRiskAt: number | undefined;
  /** Time of the leg that does not count against the budget, in milliseconds; up to its end, where it has one. */
  excusedMs: number;
  /** The time allowed, working time where `calendar` is named. */
  budgetMs: number;
  calendar: string;
  startLog: string;
  startPosition: number;
  endLog: string;
  endPosition: number;
  site: string;
  domain: string;
  criticality: string;
  /** The supplier that its events name first; empty when none does. */
  supplier: string;
  flags: readonly (typeof LEG_FLAGS)[number][];
  reason: string;
  /** What crossed the leg and moved its deadline, in the order of time. */
  moves: readonly Move[];
  ruleVersion: string;
  wake: Wake | undefined;
}

/** What makes two rows verdicts of the same leg. */
export function toLegKey(row: Pick<LegRow, "flow" | "leg" | "instanceType" | "instanceId" | "occurrence">): string {
  return `${row.flow}\u0000${row.leg}\u0000${row.instanceType}\u0000${row.instanceId}\u0000${row.occurrence}`;
}

/** What makes two rows of one instance of a flow verdicts of the same leg. */
export function toSlot({ leg, occurrence }: Pick<LegRow, "leg" | "occurrence">): string {
  return occurrence === 0 ? leg : `${leg}/${occurrence}`;
}

/** The time under which a leg is counted: when it ended, else when it should have, else when it began. */
export function toDatedAt(row: Pick<LegRow, "verdict" | "startedAt" | "endedAt" | "dueAt">): number {
  if (row.verdict === "BREACHED" || row.verdict === "OVERDUE_PROVISIONAL") return row.dueAt ?? 0;
  if (row.verdict === "OPEN" || row.verdict === "AT_RISK" || row.verdict === "PAUSED") return row.startedAt ?? 0;
  return row.endedAt ?? row.startedAt ?? 0;
}

/** True when nothing that a reader can see differs, so that there is nothing to append. */
export function isSameVerdict(a: LegRow, b: LegRow): boolean {
  return (
    a.verdict === b.verdict &&
    a.startedAt === b.startedAt &&
    a.endedAt === b.endedAt &&
    a.dueAt === b.dueAt &&
    a.atRiskAt === b.atRiskAt &&
    a.excusedMs === b.excusedMs &&
    a.budgetMs === b.budgetMs &&
    a.calendar === b.calendar &&
    a.startLog === b.startLog &&
    a.startPosition === b.startPosition &&
    a.endLog === b.endLog &&
    a.endPosition === b.endPosition &&
    a.site === b.site &&
    a.criticality === b.criticality &&
    a.supplier === b.supplier &&
    a.reason === b.reason &&
    a.ruleVersion === b.ruleVersion &&
    a.flags.join() === b.flags.join() &&
    (a.moves === b.moves || JSON.stringify(a.moves) === JSON.stringify(b.moves))
  );
}
