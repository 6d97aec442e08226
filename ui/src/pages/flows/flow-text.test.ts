import { describe, expect, it } from "vitest";
import { describeTargets, mainTarget } from "./flow-text.ts";

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

  it("name the one that holds in general", () => {
    expect(mainTarget({ targets: TARGETS })).toBe("20 h");
  });
});
