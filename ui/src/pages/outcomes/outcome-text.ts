import type { OutcomeItem } from "@throughline/api/contract";
import { formatDuration } from "../../format/duration.ts";
import { formatNoun, formatPercent } from "../../format/number.ts";

export type OutcomeUnit = OutcomeItem["unit"];
const POINTS = 1000;

export const OUTCOME_TITLES: Record<OutcomeItem["outcome"], string> = {
  stockouts: "Stockouts",
  "manual-effort": "Manual effort",
  "invoice-exceptions": "Invoice exceptions",
  "exception-resolution": "Resolution of exceptions",
  "supplier-onboarding": "Supplier onboarding",
  "order-cycle": "Order cycle",
  "close-accuracy": "Close",
  "incident-resolution": "Incidents",
};

/** How far back a period may reach that the page offers, in days: whole weeks, so that weekdays weigh the same. */
export const PERIODS = [
  { days: 7, title: "1 week" },
  { days: 28, title: "4 weeks" },
  { days: 91, title: "13 weeks" },
  { days: 364, title: "52 weeks" },
] as const;
export const DEFAULT_DAYS = 28;

/** A value in its unit: `7.1 %`, `2 d 4 h`, `6 business days`; a dash where nothing counts. */
export function sayOutcome(value: string | null, unit: OutcomeUnit): string {
  const number = Number(value ?? "none");
  if (Number.isNaN(number)) return "–";
  if (unit === "ms" || unit === "total_ms") return formatDuration(number);
  if (unit === "working_days") return formatNoun(number, "business day");
  if (number < 0) return `−${formatPercent(-number, 1) ?? ""}`;
  return formatPercent(number, 1) ?? "–";
}

export interface Change {
  text: string;
  /** What that means, as far as the figure goes. */
  word: "better" | "worse" | "unchanged";
}

/** What changed since the baseline: shares in percentage points. Undefined where there is nothing to compare. */
export function findChange({ unit, better, measure, baseline }: OutcomeItem): Change | undefined {
  if (!measure || !baseline || measure.value === null || baseline.value === null) return undefined;
  const difference = Number(measure.value) - Number(baseline.value);
  const sign = difference < 0 ? "−" : "+";
  const size = Math.abs(difference);
  if (unit === "share" && Math.round(size * POINTS) === 0) return { text: "± 0", word: "unchanged" };
  if (size === 0) return { text: "± 0", word: "unchanged" };
  const word = difference < 0 === (better === "lower") ? "better" : "worse";
  if (unit === "share") return { text: `${sign}${(Math.round(size * POINTS) / 10).toFixed(1)} points`, word };
  return { text: `${sign}${sayOutcome(String(size), unit)}`, word };
}
