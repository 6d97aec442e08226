import { expect, test } from "vitest";
import { formatDay, listHours, sayZoneChange } from "./calendar-text.ts";

const office = [{ from: "08:00", to: "17:00" }];

test("says weekdays with the same shifts in one line", () => {
  const shifts = (["monday", "tuesday", "wednesday"] as const).map((weekday) => ({ weekday, hours: office }));
  expect(
    listHours([
      ...shifts,
      { weekday: "thursday", hours: [{ from: "00:00", to: "24:00" }] },
      { weekday: "friday", hours: [...office, { from: "18:00", to: "20:00" }] },
      { weekday: "saturday", hours: [] },
      { weekday: "sunday", hours: [] },
    ]),
  ).toEqual([
    { days: "Mon to Wed", hours: "08:00 to 17:00" },
    { days: "Thu", hours: "all day" },
    { days: "Fri", hours: "08:00 to 17:00, 18:00 to 20:00" },
    { days: "Sat to Sun", hours: "closed" },
  ]);
});

test("says a day, and which way the clocks go", () => {
  expect(formatDay("2026-11-26")).toBe("Thu, 26 Nov 2026");
  expect(sayZoneChange({ at: "", offsetBefore: "-05:00", offsetAfter: "-06:00" })).toBe(
    "go back from UTC-05:00 to UTC-06:00",
  );
  expect(sayZoneChange({ at: "", offsetBefore: "+01:00", offsetAfter: "+02:00" })).toContain("forward");
});
