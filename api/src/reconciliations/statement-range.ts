import { findPeriodOfDate, toLocalDate } from "@throughline/schemas/calendar/fiscal-period";
import { AppError } from "@throughline/schemas/error";
import type { AskedRange } from "../contract/reconciliation.ts";
import type { Company } from "./companies.ts";

const MINUTE_MS = 60_000;

export interface StatementRange {
  /** The fiscal period, where it is one. */
  id: string | null;
  from: number;
  to: number;
  /** When the fiscal period ends that was asked for, or that runs; `to` is no later than now. */
  until: number;
}

/**
 * The range of a statement: from and to as asked, else the fiscal period of a day, else the current one; none ends later than
 * the minute that runs. Throws `invalid_request` for bounds that are no whole minutes or the wrong way round.
 */
export function toStatementRange(
  asked: AskedRange,
  { zone, calendar }: Pick<Company, "zone" | "calendar">,
  now: number,
): StatementRange {
  const latest = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  const period = findPeriodOfDate(asked.on ?? toLocalDate(now, zone), zone, calendar);
  const bound = (text: string | undefined, name: string) => {
    const time = text === undefined ? undefined : Date.parse(text);
    if (time !== undefined && time % MINUTE_MS !== 0) throw toIssue(name, "must be a whole minute");
    return time;
  };
  const [from, to] = [bound(asked.from, "from"), bound(asked.to, "to")];
  if (asked.on !== undefined && (from !== undefined || to !== undefined))
    throw toIssue("on", "stands without from and to");
  const range = { from: from ?? period.from, to: Math.min(to ?? period.until, latest) };
  if (range.from >= range.to) throw toIssue("from", "must be before `to`, and not ahead of now");
  const isPeriod = range.from === period.from && range.to === Math.min(period.until, latest);
  return { id: isPeriod ? period.id : null, ...range, until: period.until };
}

function toIssue(name: string, message: string) {
  const issues = [{ path: `/query/${name}`, message }];
  return new AppError("invalid_request", "The time range cannot be used.", { issues });
}
