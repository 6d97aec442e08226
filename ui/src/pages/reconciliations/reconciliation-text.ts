import type { OpenItem, ReconciliationItem, Statement } from "@throughline/api/contract";
import type { Verdict } from "@throughline/schemas/leg";
import { formatDecimal, formatMoney, formatNoun } from "../../format/number.ts";

export type ItemClass = OpenItem["class"];
export type ItemCause = OpenItem["cause"];
export type Drift = ReconciliationItem["units"][number];

/** How a reconciliation stands in one unit. Unknown is never in order. */
export const STATES = ["beyond", "unknown", "open", "agrees"] as const;
export type ReconciliationState = (typeof STATES)[number];

export interface Face {
  word: string;
  meaning: string;
  shape: Verdict;
  tone: "red" | "amber" | "quiet";
}

export const STATE_FACES: Record<ReconciliationState, Face> = {
  beyond: {
    word: "Beyond limit",
    meaning: "An open item, or all breaks together, are beyond the limit that is allowed.",
    shape: "BREACHED",
    tone: "red",
  },
  unknown: {
    word: "Unknown",
    meaning: "A feed is not complete, or nothing was ever held against anything: nothing can be said.",
    shape: "UNKNOWN",
    tone: "quiet",
  },
  open: { word: "Within limit", meaning: "Items are open, inside of what is allowed.", shape: "OPEN", tone: "quiet" },
  agrees: { word: "Agrees", meaning: "Nothing is open.", shape: "MET", tone: "quiet" },
};

export const CLASSES = ["UNKNOWN", "CUTOFF", "TIMING", "BREAK"] as const;
export const CLASS_FACES: Record<ItemClass, Face> = {
  BREAK: { word: "Break", meaning: "Somebody has to look.", shape: "BREACHED", tone: "red" },
  CUTOFF: {
    word: "Cut-off",
    meaning: "The other side has it with the same amount, in another fiscal period.",
    shape: "AT_RISK",
    tone: "amber",
  },
  TIMING: {
    word: "Timing",
    meaning: "The other side was not seen yet and may still come within the lag that is allowed.",
    shape: "OPEN",
    tone: "quiet",
  },
  UNKNOWN: {
    word: "Unknown",
    meaning: "The feed of the other side is not complete, so that nothing can be said.",
    shape: "UNKNOWN",
    tone: "quiet",
  },
};

export const CAUSE_TITLES: Record<ItemCause, string> = {
  in_flight: "In flight",
  failed_message: "Failed message",
  price_mismatch: "Price differs",
  quantity_mismatch: "Quantity differs",
  unit_mismatch: "Unit differs",
  unexplained: "Unexplained",
};

/** Whether a text that was kept names a class. */
export function isClass(text: string): text is ItemClass {
  return CLASSES.some((name) => name === text);
}

/** Whether a text that was kept names a cause. */
export function isCause(text: string): text is ItemCause {
  return Object.hasOwn(CAUSE_TITLES, text);
}

export const AGES = ["0-1", "2-7", "8-30", "31-60", "61-90", ">90"] as const;

/** `2–7 days`, `> 90 days`. */
export function sayAge(days: OpenItem["days"]): string {
  return days === ">90" ? "> 90 days" : `${days.replace("-", "–")} days`;
}

/** The unit as a reader would say it: entries are counted, or state none. */
export function sayUnit(unit: string): string {
  if (unit === "") return "no unit stated";
  return unit === "count" ? "entries" : unit;
}

/** An exact value of a reconciliation without its unit; money with the decimals of its currency. */
export function sayValue(value: string, unit: string, measure: ReconciliationItem["measure"] | undefined): string {
  return measure === "money" ? formatMoney(value, unit) : formatDecimal(value);
}

/** How one unit of a reconciliation stands; of a reconciliation without any open item `drift` is undefined. */
export function stateOf(
  { isKept, feeds }: Pick<ReconciliationItem, "isKept" | "feeds">,
  drift: Drift | undefined,
): ReconciliationState {
  if (drift && (drift.isAccountBreached || drift.beyondItemLimit > 0)) return "beyond";
  const isBlind = !isKept || feeds.a.isSilent || feeds.b.isSilent;
  if (isBlind || drift?.byClass.some((total) => total.class === "UNKNOWN")) return "unknown";
  return drift === undefined || drift.count === 0 ? "agrees" : "open";
}

/** Which limit is broken, in words; undefined when none is. */
export function sayLimit(drift: Drift): string | undefined {
  const items = drift.beyondItemLimit > 0 ? `${formatNoun(drift.beyondItemLimit, "item")} beyond the item limit` : "";
  const account = drift.isAccountBreached ? "breaks beyond the account limit" : "";
  return [items, account].filter((text) => text !== "").join(", ") || undefined;
}

/**
 * The feeds that are silent, and, once a period has ended, those that do not reach to its end; each with what its side says.
 */
export function listIncomplete({
  a,
  b,
  feeds,
  period,
  readAt,
}: Pick<Statement, "a" | "b" | "feeds" | "period" | "readAt">): { side: string; completeTo: string | null }[] {
  const hasEnded = period.to <= readAt;
  return [
    { side: a, feed: feeds.a },
    { side: b, feed: feeds.b },
  ]
    .filter(({ feed }) => feed.isSilent || feed.completeTo === null || (hasEnded && feed.completeTo < period.to))
    .map(({ side, feed }) => ({ side, completeTo: feed.completeTo }));
}

/** What share of the whole each total is, from 0 to 1, of what is only drawn. */
export function toShares<Total extends { value: string; count: number }>(totals: readonly Total[]) {
  const sizes = totals.map(({ value }) => Math.abs(Number(value)));
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  return totals.map((total, index) => ({ ...total, share: whole === 0 ? 0 : (sizes[index] ?? 0) / whole }));
}
