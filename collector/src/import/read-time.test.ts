import { describe, expect, test } from "vitest";
import { createTimeReader } from "./read-time.ts";

const read = (time: string | number, format = "iso", zone?: string) => {
  const result = createTimeReader({ format, zone })(time);
  return result.ok ? result.time : result.reason;
};

describe("a time", () => {
  test.each([
    ["2026-03-02T09:00:00.123456789Z", "2026-03-02T09:00:00.123456789Z"],
    ["2026-03-02T09:00:00.1234567891234Z", "2026-03-02T09:00:00.123456789Z"],
    ["2026-03-02 09:00+0100", "2026-03-02T09:00:00+01:00"],
    ["2026-03-02T09:00:00,5 +01", "2026-03-02T09:00:00.5+01:00"],
    ["2026-03-02T09:00:00z", "2026-03-02T09:00:00Z"],
  ])("with an offset, %s, keeps it", (written, expected) => {
    expect(read(written)).toBe(expected);
    expect(read(written, "iso", "Asia/Tokyo")).toBe(expected);
  });

  test.each([
    ["2026-03-02T09:00:00", "Europe/Berlin", "2026-03-02T08:00:00Z"],
    ["2026-07-02T09:00", "Europe/Berlin", "2026-07-02T07:00:00Z"],
    ["2026-03-08T02:30:00", "America/Chicago", "2026-03-08T08:30:00Z"],
    ["2026-11-01T01:30:00", "America/Chicago", "2026-11-01T06:30:00Z"],
    ["2026-03-02", "UTC", "2026-03-02T00:00:00Z"],
  ])("without one, %s in %s, becomes UTC", (written, zone, expected) => {
    expect(read(written, "iso", zone)).toBe(expected);
  });

  test.each([
    ["2026-03-02", "iso", { precision: "day", zone: "Europe/Berlin" }],
    ["2026-03-02Z", "iso", { precision: "day" }],
    ["2.3.2026", "dd.MM.yyyy", { precision: "day", zone: "Europe/Berlin" }],
    ["2026-03-02T00:00", "iso", undefined],
    ["2.3.2026 00:00", "dd.MM.yyyy HH:mm", undefined],
  ])("that is no more than a date, %s, is known as a day", (written, format, known) => {
    const result = createTimeReader({ format, zone: "Europe/Berlin" })(written);
    expect(result.ok && result.known).toEqual(known);
  });

  test.each([
    ["2026-03-02T09:00:00", 'the time "2026-03-02T09:00:00" has no time zone, and the mapping names none (time.zone)'],
    ["yesterday", 'the time "yesterday" is not a date and time'],
    ["", 'the time "" is not a date and time'],
  ])("that cannot be told, %j, is refused", (written, reason) => {
    expect(read(written)).toBe(reason);
  });

  test("that does not exist is refused", () => {
    expect(read("2026-02-30T09:00:00", "iso", "UTC")).toBe('the time "2026-02-30T09:00:00" is no moment that exists');
  });

  test.each([
    ["epoch-seconds", 1_767_225_600.5, "2026-01-01T00:00:00.500Z"],
    ["epoch-milliseconds", "1767225600000", "2026-01-01T00:00:00.000Z"],
    ["dd.MM.yyyy HH:mm", "1.3.2026 7:05", "2026-03-01T07:05:00Z"],
    ["MM/dd/yyyy hh:mm:ss a", "03/01/2026 12:05:00 AM", "2026-03-01T00:05:00Z"],
    ["MM/dd/yyyy hh:mm:ss a", "03/01/2026 12:05:00 pm", "2026-03-01T12:05:00Z"],
    ["yyyyMMdd HHmmss.SSS", "20260301 070501.250", "2026-03-01T07:05:01.25Z"],
  ])("written as %s is read", (format, written, expected) => {
    expect(read(written, format, "UTC")).toBe(expected);
  });

  test("not written as the mapping says is refused", () => {
    expect(read("2026-03-01", "dd.MM.yyyy", "UTC")).toBe('the time "2026-03-01" is not written as dd.MM.yyyy');
    expect(read("x", "epoch-seconds")).toBe('the time "x" is not a number since 1970');
    expect(read("", "epoch-seconds")).toBe('the time "" is not a number since 1970');
  });
});
