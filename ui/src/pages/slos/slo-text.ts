import type { SloItem } from "@throughline/api/contract";
import { formatCoarse } from "../../format/time.ts";
import { formatCount, formatNoun } from "../../format/number.ts";

const MINUS = "−";

/** Beyond this the figure says nothing more: the budget was spent ten times over. */
const MOST_OVERSPENT = -9.99;

/** How many times faster than allowed: `3.2×`, `0.4×`, `130×`; a dash where no leg was judged. */
export function formatBurn(burn: number | null): string {
  if (burn === null || Number.isNaN(burn)) return "–";
  if (burn > 0 && burn < 0.1) return "< 0.1×";
  return burn >= 100 ? `${formatCount(Math.round(burn))}×` : `${Math.floor(burn * 10) / 10}×`;
}

/** The share of the budget that is left; below zero when it is overspent. Never 0 % or 100 % when it only nearly is. */
export function formatLeft(left: number | null): string {
  if (left === null) return "–";
  const percent = Math.abs(left) * 100;
  if (left < MOST_OVERSPENT) return `< ${MINUS}999 %`;
  const text = left < 0 ? `${MINUS}${formatCount(Math.ceil(percent))}` : formatCount(Math.floor(percent));
  return left > 0 && percent < 1 ? "< 1 %" : `${text} %`;
}

/** `12.5 of 250 legs may be late`: legs that may be bad, with a digit where there are few. */
export function formatAllowed(allowed: number): string {
  const shown = allowed >= 20 || Number.isInteger(allowed) ? Math.floor(allowed) : Math.floor(allowed * 10) / 10;
  return allowed > 0 && shown === 0 ? "< 0.1" : shown >= 1000 ? formatCount(shown) : String(shown);
}

/** `28 days`, `20 working days of us-business`. */
export function formatWindow({ days, calendar }: SloItem["window"]): string {
  return calendar === null ? formatNoun(days, "day") : `${formatNoun(days, "working day")} of ${calendar}`;
}

/** The length of a window as its rule says it: `5 min`, `1 h`, `3 d`. */
export function formatLength(lengthMs: number): string {
  return lengthMs % 3_600_000 === 0 && lengthMs < 172_800_000 ? `${lengthMs / 3_600_000} h` : formatCoarse(lengthMs);
}

/** What is left out: `1 of 3 feeds that end these legs is silent or does not say how far it is complete: 12 legs are unknown and 4 are dated in blind hours`. */
export function sayBlind({ coverage, compliance }: Pick<SloItem, "coverage" | "compliance">): string {
  const { feeds, blind, unknown } = coverage;
  const verb = blind === 1 ? "is silent or does not say how far it is" : "are silent or do not say how far they are";
  const left = `${formatNoun(unknown.value, "leg")} of its window ${unknown.value === 1 ? "is" : "are"} unknown, and ${formatNoun(compliance.unseen, "judged leg")} left out`;
  return `${formatCount(blind)} of ${formatNoun(feeds, "feed")} that end these legs ${verb} complete: ${left}`;
}

/** What a reader should take away: how fast the budget burns, by which rule, or why nothing is said. */
export function sayState(slo: SloItem): string {
  const burning = slo.rules.find(({ isBurning }) => isBurning);
  if (burning) {
    const { long, short, times } = burning;
    return `The error budget burns ${formatBurn(long.burn)} as fast as it may over ${formatLength(long.lengthMs)} and ${formatBurn(short.burn)} over ${formatLength(short.lengthMs)}: faster than ${times}×.`;
  }
  if (slo.state === "unknown")
    return "No feed that ends these legs says how far it is complete, so what was late cannot be known. Look under Coverage which of them is silent.";
  if (slo.state === "partial")
    return `No rule holds as far as is known, but ${sayBlind(slo)}. Look under Coverage which of them is silent.`;
  if (slo.state === "few")
    return `Fewer than ${formatNoun(slo.minimum, "leg")} were judged in each of the longer windows, too few to page or to open a ticket.`;
  if (slo.state === "spent")
    return `${formatNoun(slo.budget.spent.value, "leg")} of ${formatCount(slo.budget.spent.value + slo.compliance.met)} were late, ${formatAllowed(slo.budget.allowed)} may be: the budget of the window is used up, though it does not burn too fast now.`;
  return "No rule holds: the error budget does not burn faster than it may.";
}
