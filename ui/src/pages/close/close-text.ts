import type { Close } from "@throughline/api/contract";
import { formatCount, formatNoun } from "../../format/number.ts";

/** What the close is short of, as the first thing that a reader should know. */
export function sayReadiness(close: Close): string {
  const open = close.reconciliations.filter(({ lock }) => lock === null).length;
  if (close.lock.lockedAt !== null) return "Everything of this period is locked.";
  const unknown = close.reconciliations.filter(({ isKept }) => !isKept).length;
  const unsaid = unknown === 0 ? "" : `; nothing is known of ${formatNoun(unknown, "reconciliation")}`;
  if (close.isReady) return `Ready: ${formatNoun(open - unknown, "reconciliation")} can be locked${unsaid}.`;
  const incomplete = close.feeds.filter(({ isComplete }) => !isComplete).length;
  const broken = close.reconciliations.filter(({ units }) => units.some((unit) => unit.isAccountBreached)).length;
  const parts = [
    close.isOver ? "" : "the period still runs",
    incomplete === 0 ? "" : `${formatNoun(incomplete, "feed is", "feeds are")} not complete to the cut-off`,
    broken === 0
      ? ""
      : `${formatNoun(broken, "reconciliation is", "reconciliations are")} beyond the limit of an account`,
  ].filter((part) => part !== "");
  return `Not ready: ${parts.join("; ") || "not everything can be judged"}${unsaid}.`;
}

/** `3 days left`, `2 days late`, `due today`; undefined where no closing is configured. */
export function sayDaysLeft({ daysLeft, lockedAt, daysToLock }: Close["lock"]): string | undefined {
  if (lockedAt !== null && daysToLock !== null) return `${formatNoun(daysToLock, "day")} to lock`;
  if (daysLeft === null) return undefined;
  if (daysLeft === 0) return "due today";
  return daysLeft > 0 ? `${formatNoun(daysLeft, "day")} left` : `${formatNoun(-daysLeft, "day")} late`;
}

/** `4 of 5`. */
export function sayPart(part: number, whole: number): string {
  return `${formatCount(part)} of ${formatCount(whole)}`;
}
