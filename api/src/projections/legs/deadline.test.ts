import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTimes, toInstant } from "@throughline/schemas/calendar/working-time";
import { flow } from "@throughline/schemas/pack/flow";
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
