import { describe, expect, test } from "vitest";
import { describeCadence, describeDaysLeft, listTrafficRules, summarizeFindings } from "./interface-text.ts";

describe("the text of an interface", () => {
  test("names each kind of finding once, in the order of the findings", () => {
    expect(summarizeFindings([{ kind: "certificate" }, { kind: "throttled" }, { kind: "certificate" }])).toBe(
      "Certificate, Throttled",
    );
    expect(summarizeFindings([])).toBe("none");
  });

  test("says how often traffic is expected", () => {
    const cadence = { state: "kept", lastTrafficAt: null, dueAt: null } as const;
    expect(describeCadence({ ...cadence, everyMs: 21_600_000, calendar: null })).toBe("Every 6 h");
    expect(describeCadence({ ...cadence, everyMs: 7_200_000, calendar: "us-business" })).toBe(
      "Every 2 h of working time (us-business)",
    );
    expect(describeCadence({ ...cadence, everyMs: null, calendar: null })).toBe("On demand");
  });

  test.each([
    [12, "in 12 days"],
    [1, "in a day"],
    [0, "within a day"],
    [-1, "expired a day ago"],
    [-3, "expired 3 days ago"],
  ])("says how long a certificate with %d days left lasts", (days, text) => {
    expect(describeDaysLeft(days)).toBe(text);
  });

  test("lists only the conditions that are given", () => {
    expect(listTrafficRules({ sources: ["/edi/*"], routes: ["/v1/orders"] })).toEqual([
      { name: "Sources", values: ["/edi/*"] },
      { name: "Routes", values: ["/v1/orders"] },
    ]);
  });
});
