import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { calendar } from "./calendar.ts";
import { createDaysOff } from "./days-off.ts";
import { findZoneChange, offsetOf } from "./zone-change.ts";

const business = calendar.parse({
  id: "us-business",
  title: "Business hours",
  zone: "America/Chicago",
  shifts: { friday: [{ from: "08:00", to: "17:00" }] },
  holidays: { country: "US" },
  closed: ["2026-12-24"],
  open: ["2026-11-11"],
});

test("lists holidays by name, further closing days, and holidays on which work goes on", () => {
  const days = createDaysOff(business);
  expect(days.list("2026-11-01", 60)).toEqual([
    { day: "2026-11-11", name: "Veterans Day", kind: "open" },
    { day: "2026-11-26", name: "Thanksgiving Day", kind: "holiday" },
    { day: "2026-12-24", name: "", kind: "closed" },
    { day: "2026-12-25", name: "Christmas Day", kind: "holiday" },
  ]);
  expect(days.list("2026-11-01", 25).map(({ day }) => day)).toEqual(["2026-11-11"]);
  expect(days.has(Temporal.PlainDate.from("2026-11-11"))).toBe(false);
  expect(days.has(Temporal.PlainDate.from("2026-12-24"))).toBe(true);
});

test("finds the next change of the clocks, and none where they never change", () => {
  const november = Date.parse("2026-11-01T06:59:59.999Z");
  expect(findZoneChange(november, "America/Chicago")).toEqual({
    at: november + 1,
    offsetBefore: "-05:00",
    offsetAfter: "-06:00",
  });
  expect(findZoneChange(november + 1, "America/Chicago")?.at).toBe(Date.parse("2027-03-14T08:00:00Z"));
  expect(findZoneChange(november, "UTC")).toBeUndefined();
  expect(offsetOf(november, "Asia/Kolkata")).toBe("+05:30");
});
