const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Thousandths of a per cent in the whole. */
const WHOLE = 100_000;

/** Legs that were judged for good: provisional verdicts belong to neither. */
export interface Judged {
  good: number;
  bad: number;
}

/** A rule raises its severity when the budget burns faster than `times` over both of its windows. */
export interface BurnRule {
  severity: "page" | "ticket";
  times: number;
  longMs: number;
  shortMs: number;
}

/** The four pairs of windows of the Google SRE Workbook, chapter 5. */
export const BURN_RULES: readonly BurnRule[] = [
  { severity: "page", times: 14.4, longMs: HOUR_MS, shortMs: 5 * MINUTE_MS },
  { severity: "page", times: 6, longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS },
  { severity: "ticket", times: 3, longMs: DAY_MS, shortMs: 2 * HOUR_MS },
  { severity: "ticket", times: 1, longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS },
];

/** The lengths of all windows of the rules, the shortest first, in milliseconds. */
export const BURN_WINDOWS_MS: readonly number[] = [
  ...new Set(BURN_RULES.flatMap(({ longMs, shortMs }) => [longMs, shortMs])),
].toSorted((a, b) => a - b);

/** What of a rule holds. `isEnough`: the longer window has the minimum of legs, so that it may raise anything at all. */
export interface BurnVerdict {
  rule: BurnRule;
  isEnough: boolean;
  isBurning: boolean;
}

/** How many times faster than the objective allows legs are bad; null when none was judged. `objective` in per cent. */
export function toBurn({ good, bad }: Judged, objective: number): number | null {
  const judged = good + bad;
  return judged === 0 ? null : (bad * WHOLE) / (judged * toAllowed(objective));
}

/** Each rule over the legs of its two windows. `judgedIn` gives the legs of the last so many milliseconds. */
export function judgeBurn(
  judgedIn: (lengthMs: number) => Judged,
  { objective, minimum }: { objective: number; minimum: number },
): BurnVerdict[] {
  return BURN_RULES.map((rule) => {
    const [long, short] = [judgedIn(rule.longMs), judgedIn(rule.shortMs)];
    const isEnough = long.good + long.bad >= minimum;
    const exceeds = [long, short].every((judged) => isFaster(judged, rule.times, objective));
    return { rule, isEnough, isBurning: isEnough && exceeds };
  });
}

/** The error budget of a window: how many legs may be bad, and which share of them is left, negative when overspent. */
export interface ErrorBudget {
  allowed: number;
  left: number | null;
}

export function toErrorBudget({ good, bad }: Judged, objective: number): ErrorBudget {
  const allowed = ((good + bad) * toAllowed(objective)) / WHOLE;
  return { allowed, left: allowed === 0 ? null : 1 - bad / allowed };
}

/** Compared in whole numbers, so that what burns at exactly the rate of a rule does not exceed it. */
function isFaster({ good, bad }: Judged, times: number, objective: number): boolean {
  return bad * WHOLE * 10 > Math.round(times * 10) * (good + bad) * toAllowed(objective);
}

/** The share that may be bad, in thousandths of a per cent: a whole number, since objectives have three decimals. */
function toAllowed(objective: number): number {
  return Math.round((100 - objective) * 1000);
}
