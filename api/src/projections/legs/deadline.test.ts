import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTimes, toInstant } from "@throughline/schemas/calendar/working-time";
import { flow } from "@throughline/schemas/pack/flow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDeadlineRule } from "./deadline.ts";
import { evaluateLegs } from "./evaluate-legs.ts";
import { toFlowModel } from "./flow-model.ts";
import { createContext, createFact, issued, orderFlow, received } from "./order-flow.fixture.ts";

const CHICAGO = "America/Chicago";
const HOUR = 3_600_000;
const shift = [{ from: "08:00", to: "17:00" }];
const shifts = { monday: shift, tuesday: shift, wednesday: shift, thursday: shift, friday: shift };
const workingTimes = createWorkingTimes(
  new Map([["us", calendar.parse({ id: "us", title: "US", zone: CHICAGO, shifts, holidays: { country: "US" } })]]),
);
const local = (day: string, time: string) => toInstant(day, time, CHICAGO);
const due = (target: Parameters<typeof toDeadlineRule>[0], start: number, attributes = {}) =>
  toDeadlineRule(target, { atRiskShare: 0.8, workingTimes })(createFact({ type: "a.b.c", time: start, attributes }));

describe("a deadline", () => {
  it("counts working time, also for being at risk", () => {
    expect(due({ within: "PT4H", calendar: "us" }, local("2026-03-06", "15:00"))).toEqual({
      dueAt: local("2026-03-09", "10:00"),
      atRiskAt: local("2026-03-09", "09:12"),
      budgetMs: 4 * HOUR,
      calendar: "us",
    });
  });

  it("is that day's time before the cut-off, and the next working day's from the cut-off on", () => {
    const target = { cutoff: { before: "16:00", by: "18:00" }, calendar: "us" };
    expect(due(target, local("2026-07-02", "15:59")).dueAt).toBe(local("2026-07-02", "18:00"));
    expect(due(target, local("2026-07-02", "16:00")).dueAt).toBe(local("2026-07-06", "18:00"));
    expect(due(target, local("2026-07-04", "09:00")).dueAt).toBe(local("2026-07-06", "18:00"));
  });

  it("is what the document says, a day to its end, and the length of time where it says nothing of use", () => {
    const target = { until: "attributes.requested_date", within: "PT72H", calendar: "us" };
    const start = local("2026-03-06", "15:00");
    expect(due(target, start, { requested_date: "2026-03-10" }).dueAt).toBe(local("2026-03-11", "00:00") - 1);
    expect(due(target, start, { requested_date: "2026-03-10T12:00:00-05:00" }).dueAt).toBe(
      local("2026-03-10", "12:00"),
    );
    const fallback = due({ within: "PT72H", calendar: "us" }, start);
    for (const value of [undefined, "soon", "2026-02-30", "2026-03-01", "2026-03-10T12:00:00", 5])
      expect(due(target, start, { requested_date: value })).toEqual(fallback);
  });

  const iso = (time: number) => new Date(time).toISOString();
  const CASES: [string, Parameters<typeof toDeadlineRule>[0], string, string][] = [
    // Chicago changes its clocks on 8 March and 1 November 2026; a day ends a millisecond before the next begins.
    ["days, over the spring change", { days: 1 }, "2026-03-07T20:00:00-06:00", "2026-03-09T04:59:59.999Z"],
    ["days, over the autumn change", { days: 1 }, "2026-10-31T23:30:00-05:00", "2026-11-02T05:59:59.999Z"],
    ["days, whatever the time of day", { days: 45 }, "2026-01-05T00:00:00-06:00", "2026-02-20T05:59:59.999Z"],
    ["days, through a leap day", { days: 60 }, "2028-01-15T12:00:00-06:00", "2028-03-16T04:59:59.999Z"],
    ["days, on the local day of the start", { days: 1 }, "2026-06-02T04:30:00Z", "2026-06-03T04:59:59.999Z"],
    ["one working day, from a Friday", { workingDays: 1 }, "2026-03-06T23:59:00-06:00", "2026-03-10T04:59:59.999Z"],
    ["working days, from a Saturday", { workingDays: 2 }, "2026-03-07T10:00:00-06:00", "2026-03-11T04:59:59.999Z"],
    ["working days, over a holiday", { workingDays: 2 }, "2026-07-01T09:00:00-05:00", "2026-07-07T04:59:59.999Z"],
    ["fifteen working days", { workingDays: 15 }, "2026-11-13T09:00:00-06:00", "2026-12-08T05:59:59.999Z"],
    ["the close of the day", { closeOf: "day" }, "2026-03-08T00:00:00-06:00", "2026-03-09T04:59:59.999Z"],
    ["the close of the month", { closeOf: "month" }, "2026-03-02T09:00:00-06:00", "2026-04-01T04:59:59.999Z"],
    ["the close of the month, by its zone", { closeOf: "month" }, "2026-04-01T04:30:00Z", "2026-04-01T04:59:59.999Z"],
    ["the close of February", { closeOf: "month" }, "2026-02-28T23:59:00-06:00", "2026-03-01T05:59:59.999Z"],
    [
      "the close of February in a leap year",
      { closeOf: "month" },
      "2028-02-01T00:00:00-06:00",
      "2028-03-01T05:59:59.999Z",
    ],
    ["the close of December", { closeOf: "month" }, "2026-12-31T23:00:00-06:00", "2027-01-01T05:59:59.999Z"],
  ];

  it.each(CASES)("counts %s", (...[, target, start, expected]) => {
    const deadline = due({ ...target, calendar: "us" }, Date.parse(start));
    expect(iso(deadline.dueAt)).toBe(expected);
    expect(deadline).toMatchObject({ budgetMs: deadline.dueAt - Date.parse(start), calendar: "" });
    expect(deadline.atRiskAt).toBe(deadline.dueAt - Math.round((deadline.dueAt - Date.parse(start)) * 0.2));
  });

  it("lies ahead of what the document names, of a day from its beginning", () => {
    const target = { before: "attributes.effective_from", lead: "PT24H", within: "PT72H", calendar: "us" };
    const start = Date.parse("2026-03-02T09:00:00-06:00");
    const dueAt = (value: unknown) => iso(due(target, start, { effective_from: value }).dueAt);
    // The day begins at 05:00Z, after the change of clocks; a day ahead of it is an hour earlier by the clock on the wall.
    expect(dueAt("2026-03-09")).toBe("2026-03-08T05:00:00.000Z");
    expect(dueAt("2026-03-08")).toBe("2026-03-07T06:00:00.000Z");
    expect(dueAt("2026-03-10T12:00:00-05:00")).toBe("2026-03-09T17:00:00.000Z");
    expect(dueAt("2028-02-29")).toBe("2028-02-28T06:00:00.000Z");
    const fallback = due({ within: "PT72H", calendar: "us" }, start);
    for (const value of [undefined, "soon", "2026-02-30", "2026-03-10T12:00:00", 5])
      expect(due(target, start, { effective_from: value })).toEqual(fallback);
  });

  it("is at once when what the document names leaves no time", () => {
    const target = { before: "attributes.effective_from", lead: "PT24H", within: "PT72H" };
    const start = Date.parse("2026-03-02T09:00:00Z");
    for (const value of ["2026-03-03", "2026-03-02T10:00:00Z", "2025-12-31"])
      expect(due(target, start, { effective_from: value })).toEqual({
        dueAt: start,
        atRiskAt: start,
        budgetMs: 0,
        calendar: "",
      });
  });

  it("never lies before the start, and at risk never after the deadline", () => {
    const targets = [{ days: 3 }, { workingDays: 3 }, { closeOf: "day" as const }, { closeOf: "month" as const }];
    const start = fc.integer({ min: Date.parse("2020-01-01"), max: Date.parse("2040-01-01") });
    fc.assert(
      fc.property(start, fc.constantFrom(...targets), (time, target) => {
        const { dueAt, atRiskAt } = due({ ...target, calendar: "us" }, time);
        expect(atRiskAt).toBeGreaterThanOrEqual(time);
        expect(dueAt).toBeGreaterThanOrEqual(atRiskAt);
        const wall = new Intl.DateTimeFormat("en-GB", { timeZone: CHICAGO, timeStyle: "medium" }).format(dueAt);
        expect(wall).toBe("23:59:59");
      }),
    );
  });

  it("moves by working time while a reversed end stood", () => {
    const leg = orderFlow.legs.find(({ id }) => id === "first-receipt");
    const business = flow.parse({ ...orderFlow, legs: [{ ...leg, targets: [{ within: "PT10H", calendar: "us" }] }] });
    const facts = [
      issued(local("2026-03-05", "09:00")),
      received(local("2026-03-05", "12:00"), "100", { id: "r" }),
      createFact({ type: "erp.x.reversed", time: local("2026-03-06", "09:00"), reverses: { source: "erp", id: "r" } }),
    ];
    const model = toFlowModel(business, "v1", workingTimes);
    const [row] = evaluateLegs(
      { instanceId: "x", base: undefined, facts },
      model,
      createContext(local("2026-03-06", "10:00")),
    );
    // Ten hours end on Friday at 10:00; five on Thursday and one on Friday were lost.
    expect(row).toMatchObject({
      verdict: "OPEN",
      dueAt: local("2026-03-06", "16:00"),
      excusedMs: 6 * HOUR,
      calendar: "us",
    });
  });

  it("is refused when its calendar is not there", () => {
    expect(() => due({ within: "PT4H", calendar: "moon" }, 0)).toThrow('There is no calendar "moon"');
  });
});
