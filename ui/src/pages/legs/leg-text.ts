import type { Leg } from "@throughline/api/contract";
import type { Verdict } from "@throughline/schemas/leg";
import { formatDuration } from "../../format/duration.ts";
import { formatCoarse } from "../../format/time.ts";

type Timed = Pick<Leg, "verdict" | "startedAt" | "endedAt" | "dueAt" | "elapsedMs" | "budgetMs">;

/** How far past its deadline a leg ended, or stands now; undefined when it has no deadline or is not past it. */
export function lateMsOf(leg: Timed, nowMs: number): number | undefined {
  if (leg.dueAt === null) return undefined;
  const endMs = leg.endedAt === null ? nowMs : Date.parse(leg.endedAt);
  const lateMs = endMs - Date.parse(leg.dueAt);
  return lateMs > 0 && leg.verdict !== "EXCLUDED" && leg.verdict !== "SUPERSEDED" ? lateMs : undefined;
}

/** What is said beside the verdict: the time that remains, or by how much it is late. */
export function noteOf(leg: Timed, nowMs: number): string {
  const lateMs = lateMsOf(leg, nowMs);
  if (lateMs !== undefined) return lateMs < 1000 ? `by ${formatDuration(lateMs)}` : `by ${formatCoarse(lateMs)}`;
  if (leg.endedAt !== null || leg.dueAt === null || leg.startedAt === null) return "";
  if (leg.verdict !== "OPEN" && leg.verdict !== "AT_RISK") return "";
  return `${formatCoarse(Date.parse(leg.dueAt) - nowMs)} left`;
}

/** What happened to a leg, what it means and what holds, in one or two sentences. */
export function explainLeg(leg: Explained, nowMs: number): string {
  const lateMs = lateMsOf(leg, nowMs) ?? 0;
  const doubts = leg.flags.flatMap((flag) =>
    flag === "quantity-unknown" || flag === "unit-unknown" ? DOUBTS[flag] : [],
  );
  const said = EXPLANATIONS[leg.verdict]({
    isEnded: leg.endedAt !== null,
    isDoubtful: doubts.length > 0,
    late: formatDuration(lateMs),
    ago: formatCoarse(lateMs),
    took: leg.elapsedMs === null ? "" : formatDuration(leg.elapsedMs),
    budget: leg.budgetMs === null ? "" : formatDuration(leg.budgetMs),
    left: noteOf(leg, nowMs),
    reason: leg.reason,
  });
  return [said, ...doubts].join(" ");
}

/** Why it is not known how much came of what was ordered, where a leg ends by quantity. */
const DOUBTS = {
  "quantity-unknown":
    "It ends by quantity, and the order or a delivery states none: it is not known whether all of it came. Look at the documents in the journey, and have the quantity stated.",
  "unit-unknown":
    "A delivery states another unit than the order, and no factor between both is known for the item: it is not known whether all of it came. State the units of the item in its master data.",
} as const;

type Explained = Timed & Pick<Leg, "reason" | "flags">;

interface Words {
  isEnded: boolean;
  isDoubtful: boolean;
  late: string;
  ago: string;
  took: string;
  budget: string;
  left: string;
  reason: string;
}

const EXPLANATIONS: Record<Verdict, (words: Words) => string> = {
  BREACHED: ({ isEnded, isDoubtful, took, budget, late, ago }) => {
    if (isEnded) return `It took ${took} of the ${budget} allowed and ended ${late} late.`;
    return isDoubtful
      ? `Its deadline passed ${ago} ago, and it is not known to be complete.`
      : `Nothing has ended it and its deadline passed ${ago} ago. The feed is complete past the deadline, so nothing came in time.`;
  },
  OVERDUE_PROVISIONAL: ({ ago }) =>
    `Its deadline passed ${ago} ago, but the feed of its end is not complete up to the deadline. An event in time may still arrive.`,
  AT_RISK: ({ left, budget }) => `Not ended yet, and ${left} of the ${budget} allowed.`,
  OPEN: ({ left, budget }) => `Not ended yet, with ${left} of the ${budget} allowed.`,
  PAUSED: ({ took, budget }) =>
    `An approved pause is open, in which its time stands still. It has used ${took} of the ${budget} allowed.`,
  MET: ({ took, budget }) => `It took ${took} of the ${budget} allowed.`,
  PENDING_START: () =>
    "Its end has come before its start was reported. It is judged once the start arrives or is known to be missing.",
  ORPHAN_END: () => "Its end came without a start, and the feed of the start is complete: there was none.",
  SEQUENCE: () => "Its end lies before its start by more than clocks may differ, so no time can be measured.",
  UNKNOWN: ({ reason }) =>
    `The feed of its end is silent: whether it has ended, and when, is not known${reason === "" ? "" : ` (${reason})`}.`,
  EXCLUDED: ({ reason }) =>
    reason === "" ? "It was cancelled or taken back, and counts in no figure." : `It counts in no figure: ${reason}.`,
  SUPERSEDED: () =>
    "A change replaced it before it ended or fell due, so it counts in no figure. What came after is judged from the change on.",
};
