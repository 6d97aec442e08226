import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import { expect, test } from "vitest";
import { toBudgetSpan, toBurnSpan } from "./windows.ts";

const shift = [{ from: "08:00", to: "17:00" }];
const office = calendar.parse({
  id: "office",
  title: "Office",
  zone: "America/Chicago",
  shifts: { monday: shift, tuesday: shift, wednesday: shift, thursday: shift, friday: shift },
  holidays: { country: "US" },
});
const workingTimes = createWorkingTimes(new Map([[office.id, office]]));
const toText = ({ fromMs, toMs }: { fromMs: number; toMs: number }) =>
  [fromMs, toMs].map((ms) => new Date(ms).toISOString());

test("burns over whole minutes before what is settled", () => {
  expect(toText(toBurnSpan(Date.parse("2026-03-10T10:07:59.999Z"), 5 * 60_000))).toEqual([
    "2026-03-10T10:02:00.000Z",
    "2026-03-10T10:07:00.000Z",
  ]);
});

test("keeps a budget over days of 24 hours, to the end of the hour", () => {
  const nowMs = Date.parse("2026-03-10T10:07:00Z");
  expect(toText(toBudgetSpan({ days: 28 }, { nowMs, workingTimes }))).toEqual([
    "2026-02-10T11:00:00.000Z",
    "2026-03-10T11:00:00.000Z",
  ]);
});

test.each([
  { why: "a day with shifts counts itself", now: "2026-03-10T15:00:00Z", days: 1, from: "2026-03-10T05:00:00.000Z" },
  {
    why: "weekends do not, and summer time is known",
    now: "2026-03-10T15:00:00Z",
    days: 3,
    from: "2026-03-06T06:00:00.000Z",
  },
  { why: "a holiday does not", now: "2026-07-06T15:00:00Z", days: 2, from: "2026-07-02T05:00:00.000Z" },
  { why: "of a Sunday the week before does", now: "2026-03-08T15:00:00Z", days: 1, from: "2026-03-06T06:00:00.000Z" },
])("counts back by days of a calendar: $why", ({ now, days, from }) => {
  const span = toBudgetSpan({ days, calendar: "office" }, { nowMs: Date.parse(now), workingTimes });
  expect(new Date(span.fromMs).toISOString()).toBe(from);
});

test("goes back three years at most", () => {
  const closed = calendar.parse({ ...office, id: "rare", shifts: { monday: shift }, holidays: undefined });
  const rare = createWorkingTimes(new Map([["rare", closed]]));
  const nowMs = Date.parse("2026-03-10T15:00:00Z");
  const { fromMs, toMs } = toBudgetSpan({ days: 366, calendar: "rare" }, { nowMs, workingTimes: rare });
  expect((toMs - fromMs) / 86_400_000).toBeCloseTo(3 * 365, -1);
});
