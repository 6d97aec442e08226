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

  it("name the one that holds in general", () => {
    expect(sayMainTarget({ targets: TARGETS })).toBe("within 20 h");
  });
});
