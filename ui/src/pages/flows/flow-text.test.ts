import { describe, expect, it } from "vitest";
import { describeTargets, sayMainTarget } from "./flow-text.ts";

const TARGETS = [{ where: { "attributes.item_class": ["critical", "stat"] }, within: "PT2H" }, { within: "PT20H" }];

describe("targets in words", () => {
  it("say under which condition each holds", () => {
    expect(describeTargets({ targets: TARGETS })).toEqual([
      "Within 2 h where item class is critical or stat",
      "Within 20 h otherwise",
    ]);
    expect(describeTargets({ targets: [{ within: "PT15M" }] })).toEqual(["Within 15 min"]);
  });

  it("say when a leg ends by quantity", () => {
    expect(describeTargets({ targets: [{ within: "PT4H" }], completion: { underTolerancePercent: 5 } })[1]).toBe(
      "Ends when all but 5 % of the quantity is there",
    );
  });

  it("say working time, times of day and deadlines that the start names", () => {
    expect(describeTargets({ targets: [{ within: "PT4H", calendar: "receiving" }] })).toEqual([
      "Within 4 h business time",
    ]);
    expect(sayMainTarget({ targets: [{ calendar: "receiving", cutoff: { before: "14:00", by: "16:00" } }] })).toBe(
      "by 16:00 when begun before 14:00, else by 16:00 of the next working day",
    );
    expect(sayMainTarget({ targets: [{ within: "PT72H", until: "attributes.promised_date" }] })).toBe(
      "within 3 d, or by the promised date it names",
    );
  });

  it("say days, working days, the close of a month and what has to come before a day", () => {
    const calendar = "us";
    const say = (target: object) => sayMainTarget({ targets: [{ calendar, ...target }] });
    expect(say({ days: 1 })).toBe("by the end of the next day");
    expect(say({ days: 45 })).toBe("by the end of the 45th day after");
    expect(say({ workingDays: 1 })).toBe("by the end of the next working day");
    expect(say({ workingDays: 2 })).toBe("by the end of the 2nd working day after");
    expect(say({ workingDays: 13 })).toBe("by the end of the 13th working day after");
    expect(say({ closeOf: "month" })).toBe("by the end of the month");
    expect(say({ closeOf: "day", before: "attributes.effective_from", lead: "PT24H" })).toBe(
      "by the end of the day, or 1 d before the effective from it names",
    );
    expect(say({ closeOf: "day", before: "attributes.effective_from" })).toBe(
      "by the end of the day, or before the effective from it names",
    );
  });

  it("name the one that holds in general", () => {
    expect(sayMainTarget({ targets: TARGETS })).toBe("within 20 h");
  });
});
