import { Temporal } from "temporal-polyfill";

/** How a company divides its years. Periods of weeks come by quarter, such as 4, 4 and 5 weeks. */
export type FiscalCalendar =
  | { kind: "months"; firstMonth: number }
  | { kind: "weeks"; firstDay: string; pattern: readonly [number, number, number] };

export interface FiscalPeriod {
  /** Such as "2026-03" or "2026-P03": the year in which the fiscal year ends, and the number of the period. */
  id: string;
  /** In milliseconds since 1970 UTC; `until` is the first moment after it. */
  from: number;
  until: number;
}

const PERIODS_PER_YEAR = 12;

/** The calendar date of a moment where it happened, such as "2026-03-31". */
export function toLocalDate(time: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The first moment of a calendar date in a zone. */
export function toStartOfDay(date: string, zone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
}

/** The fiscal period of a moment, by the clocks of the place where it happened. */
export function findPeriod(time: number, zone: string, calendar: FiscalCalendar): FiscalPeriod {
  return findPeriodOfDate(toLocalDate(time, zone), zone, calendar);
}

/** The fiscal period of a calendar date; its bounds are midnights of the zone. */
export function findPeriodOfDate(date: string, zone: string, calendar: FiscalCalendar): FiscalPeriod {
  const day = Temporal.PlainDate.from(date);
  const { id, first, next } =
    calendar.kind === "months" ? findMonth(day, calendar.firstMonth) : findWeeks(day, calendar);
  return { id, from: toStartOfDay(first.toString(), zone), until: toStartOfDay(next.toString(), zone) };
}

interface Span {
  id: string;
  first: Temporal.PlainDate;
  next: Temporal.PlainDate;
}

function findMonth(day: Temporal.PlainDate, firstMonth: number): Span {
  const first = day.with({ day: 1 });
  const next = first.add({ months: 1 });
  if (firstMonth === 1) return { id: day.toString().slice(0, 7), first, next };
  const year = day.month >= firstMonth ? day.year + 1 : day.year;
  const period = ((day.month - firstMonth + PERIODS_PER_YEAR) % PERIODS_PER_YEAR) + 1;
  return { id: toId(year, period), first, next };
}

/** Years of 52 weeks from `firstDay` on; a year takes a 53rd week, in its last period, when it would end a week early. */
function findWeeks(day: Temporal.PlainDate, calendar: Extract<FiscalCalendar, { kind: "weeks" }>): Span {
  const anchor = Temporal.PlainDate.from(calendar.firstDay);
  const offset = day.year - anchor.year;
  const starts = [-1, 0, 1, 2].map((years) => toYearStart(anchor, offset + years));
  const index = starts.findLastIndex((start) => Temporal.PlainDate.compare(start, day) <= 0);
  const [start, end] = [starts[index] ?? anchor, starts[index + 1] ?? anchor];
  const lengths = Array.from({ length: PERIODS_PER_YEAR }, (_, period) => calendar.pattern[period % 3] ?? 4);
  let first = start;
  for (const [period, weeks] of lengths.entries()) {
    const next = period === PERIODS_PER_YEAR - 1 ? end : first.add({ weeks });
    if (Temporal.PlainDate.compare(day, next) < 0)
      return { id: toId(end.subtract({ days: 1 }).year, period + 1), first, next };
    first = next;
  }
  return { id: toId(end.year, PERIODS_PER_YEAR), first: start, next: end };
}

/** The weekday of the anchor that is nearest to its date in a year. */
function toYearStart(anchor: Temporal.PlainDate, years: number): Temporal.PlainDate {
  const date = anchor.add({ years });
  const past = (date.dayOfWeek - anchor.dayOfWeek + 7) % 7;
  return date.subtract({ days: past > 3 ? past - 7 : past });
}

function toId(year: number, period: number): string {
  return `${String(year).padStart(4, "0")}-P${String(period).padStart(2, "0")}`;
}
