import type { Verdict } from "@throughline/schemas/leg";

export type Tone = "red" | "amber" | "quiet";

export interface VerdictFace {
  word: string;
  tone: Tone;
  /** What it means, in a sentence. */
  meaning: string;
}

const FACES: Record<Verdict, VerdictFace> = {
  BREACHED: {
    word: "Breached",
    tone: "red",
    meaning: "The deadline passed and the feed proves that nothing came in time.",
  },
  OVERDUE_PROVISIONAL: {
    word: "Overdue",
    tone: "red",
    meaning: "The deadline passed, but the feed has not yet reported up to it: an event in time may still arrive.",
  },
  AT_RISK: { word: "At risk", tone: "amber", meaning: "Most of the time allowed is used up and the end has not come." },
  OPEN: { word: "Open", tone: "quiet", meaning: "Started and still inside its time." },
  PAUSED: { word: "Paused", tone: "quiet", meaning: "An approved pause is open: the time stands still until it ends." },
  PENDING_START: {
    word: "Awaiting start",
    tone: "quiet",
    meaning: "The end has come; its start has not been reported yet.",
  },
  SEQUENCE: {
    word: "Out of order",
    tone: "amber",
    meaning: "The end lies before the start by more than clocks may differ.",
  },
  ORPHAN_END: {
    word: "No start",
    tone: "amber",
    meaning: "The end came, and the feed proves that there was no start.",
  },
  MET: { word: "Met", tone: "quiet", meaning: "Ended in time." },
  UNKNOWN: {
    word: "Unknown",
    tone: "quiet",
    meaning: "Not ended as far as is known, but the feed of its end is silent: it may have ended, in time or not.",
  },
  EXCLUDED: {
    word: "Excluded",
    tone: "quiet",
    meaning: "Cancelled or taken back before it was due; it counts in no figure.",
  },
  SUPERSEDED: {
    word: "Superseded",
    tone: "quiet",
    meaning:
      "A change replaced it before it ended or fell due; it counts in no figure, and starts anew from the change.",
  },
};

/** How a verdict is shown. Colour is kept for what is abnormal. */
export function faceOf(verdict: Verdict): VerdictFace {
  return FACES[verdict];
}

/** Verdicts in the order in which a person needs them. */
export const VERDICT_ORDER: readonly Verdict[] = [
  "BREACHED",
  "OVERDUE_PROVISIONAL",
  "UNKNOWN",
  "AT_RISK",
  "OPEN",
  "PAUSED",
  "PENDING_START",
  "SEQUENCE",
  "ORPHAN_END",
  "MET",
  "EXCLUDED",
  "SUPERSEDED",
];
