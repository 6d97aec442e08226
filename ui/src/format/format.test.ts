import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, formatIsoDuration, formatSpanDuration, parseIsoDuration } from "./duration.ts";
import { formatMeasure, formatMeasures } from "./measure.ts";
import { formatBytes, formatCount, formatDecimal, formatMoney, formatNoun, formatPercent } from "./number.ts";
import { toTitle } from "./title.ts";
import { formatWallClock, parseWallClock } from "./wall-clock.ts";
import { formatRelative, formatSpannedDay, formatTime, formatZone, isKnownZone } from "./time.ts";

describe("money", () => {
  it.each([
    ["1250", "USD", "1,250.00"],
    ["-21.5", "USD", "−21.50"],
    ["0.005", "USD", "0.005"],
    ["1250", "JPY", "1,250"],
    ["7.5", "KWD", "7.500"],
    ["7.5", "vials", "7.5"],
  ])("shows %s %s as %s, without losing a digit", (value, currency, shown) => {
    expect(formatMoney(value, currency)).toBe(shown);
  });
});

describe("durations", () => {
  it.each([
    [0, "0 ms"],
    [350, "350 ms"],
    [45_000, "45 s"],
    [60_000, "1 min"],
    [8_040_000, "2 h 14 min"],
    [3_600_000, "1 h"],
    [90_061_000, "1 d 1 h"],
    [-8_040_000, "−2 h 14 min"],
    [59_999, "59 s"],
  ])("shows %d ms as %s", (durationMs, shown) => {
    expect(formatDuration(durationMs)).toBe(shown);
  });

  it("shows spans with the digits that matter", () => {
    expect(formatSpanDuration(830_000)).toBe("830 µs");
    expect(formatSpanDuration(12_400_000)).toBe("12.4 ms");
    expect(formatSpanDuration(2_310_000_000)).toBe("2.31 s");
    expect(formatSpanDuration(90_000_000_000)).toBe("1 min 30 s");
  });

  it("reads what it is given in ISO 8601", () => {
    expect(parseIsoDuration("PT1H30M")).toBe(5_400_000);
    expect(formatIsoDuration("PT15M")).toBe("15 min");
    expect(formatIsoDuration("P1D")).toBe("P1D");
    expect(parseIsoDuration("PT")).toBeUndefined();
  });
});

describe("numbers", () => {
  it("separates thousands", () => {
    expect(formatCount(1_204_000)).toBe("1,204,000");
    expect(formatNoun(1, "leg")).toBe("1 leg");
    expect(formatNoun(2, "journey")).toBe("2 journeys");
    expect(formatBytes(12_400)).toBe("12.4 KB");
  });

  it("keeps every digit of a decimal", () => {
    expect(formatDecimal("123456789012345678901234567890.10")).toBe("123,456,789,012,345,678,901,234,567,890.10");
    expect(formatDecimal("-1234.50")).toBe("−1,234.50");
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.stringMatching(/^\d{0,6}$/), (whole, fraction) => {
        const text = fraction === "" ? `${whole}` : `${whole}.${fraction}`;
        expect(formatDecimal(text).replaceAll(",", "")).toBe(text);
      }),
    );
  });

  it("reads 100 % only when none is missing, and 0 % only when there is none", () => {
    expect(formatPercent(0, 0)).toBeUndefined();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat(), (whole, seed) => {
        const part = seed % (whole + 1);
        expect(formatPercent(part, whole) === "100 %").toBe(part === whole);
        expect(formatPercent(part, whole) === "0 %").toBe(part === 0);
      }),
    );
  });

  it("cuts percentages to one decimal", () => {
    expect(formatPercent(1161, 1204)).toBe("96.4 %");
    expect(formatPercent(9999, 10_000)).toBe("99.9 %");
    expect(formatPercent(1, 10_000)).toBe("< 0.1 %");
  });
});

describe("money and quantities", () => {
  it("shows each with its currency or unit and never one sum over several", () => {
    expect(formatMeasure({ value: "1240.00", currency: "USD" })).toBe("1,240.00 USD");
    expect(
      formatMeasures([
        { value: "240.00", currency: "USD" },
        { value: "12.50", currency: "EUR" },
        { value: "10", unit: "CS" },
      ]),
    ).toBe("240.00 USD · 12.50 EUR · 10 CS");
  });
});

describe("times", () => {
  it("shows an instant in the zone that was asked for", () => {
    expect(formatTime("2026-03-08T08:30:00Z", "America/Chicago")).toBe("8 Mar, 03:30");
    expect(formatTime("2026-03-08T07:30:00Z", "America/Chicago")).toBe("8 Mar, 01:30");
    expect(formatTime("2026-03-08T08:30:00Z", "UTC", "clock")).toBe("08:30");
    expect(formatTime("not a time", "UTC")).toBe("not a time");
  });

  it.each([
    ["2026-03-10T05:00:00.000Z", "2026-03-11T04:59:59.999Z", "America/Chicago", "10 Mar"],
    ["2026-03-10T05:00:00.000Z", "2026-03-11T04:59:59.999Z", "UTC", "10 Mar"],
    ["2026-03-10T23:00:00.000Z", "2026-03-11T22:59:59.999Z", "UTC", "11 Mar"],
    ["2026-03-10T11:00:00.000Z", "2026-03-11T10:59:59.999Z", "Pacific/Auckland", "11 Mar"],
    ["2026-03-08T06:00:00.000Z", "2026-03-09T04:59:59.999Z", "America/Chicago", "8 Mar"],
  ])("names the day from %s to %s, read in %s", (...[from, until, zone, day]) => {
    expect(formatSpannedDay({ from, until }, zone)).toBe(day);
    expect(formatSpannedDay({ from, until }, zone, "date")).toBe(`${day} 2026`);
  });

  it("names the zone, with its offset in summer", () => {
    expect(formatZone("America/Chicago", Date.UTC(2026, 0, 5))).toBe("CST");
    expect(formatZone("America/Chicago", Date.UTC(2026, 6, 5))).toBe("CDT");
    expect(isKnownZone("Mars/Olympus")).toBe(false);
  });

  it.each([
    ["2026-03-08T02:30", "2026-03-08T08:30:00.000Z", "in the gap of spring the later"],
    ["2026-11-01T01:30", "2026-11-01T06:30:00.000Z", "in the overlap of autumn the earlier"],
    ["2026-07-01T12:00", "2026-07-01T17:00:00.000Z", "in summer with its offset"],
  ])("reads %s in Chicago as %s: %s", (text, instant) => {
    expect(new Date(parseWallClock(text, "America/Chicago") ?? 0).toISOString()).toBe(instant);
  });

  it("reads back every time that it shows", () => {
    const zone = fc.constantFrom("UTC", "America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland");
    fc.assert(
      fc.property(zone, fc.integer({ min: 0, max: 70_000_000 }), (name, minute) => {
        const at = minute * 60_000;
        const shown = new Intl.DateTimeFormat("sv-SE", {
          timeZone: name,
          dateStyle: "short",
          timeStyle: "short",
        }).format(at);
        expect(formatWallClock(at, name)).toBe(shown.replace(" ", "T"));
        const read = parseWallClock(formatWallClock(at, name), name) ?? 0;
        expect([at, at - 3_600_000]).toContain(read);
      }),
    );
  });

  it("says how far away an instant is", () => {
    const now = Date.UTC(2026, 0, 5, 12);
    expect(formatRelative(now - 240_000, now)).toBe("4 min ago");
    expect(formatRelative(now + 5_400_000, now)).toBe("in 1 h 30 min");
    expect(formatRelative(now - 2000, now)).toBe("now");
    expect(formatRelative(now - 9 * 86_400_000, now)).toBe("9 d ago");
  });
});

describe("titles", () => {
  it.each([
    ["purchase_order_line", "Purchase order line"],
    ["erp", "ERP"],
    ["late-cancellation", "Late cancellation"],
    ["item_ndc", "Item NDC"],
  ])("say %s as %s", (word, said) => {
    expect(toTitle(word)).toBe(said);
  });
});
