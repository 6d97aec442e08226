import { expect, test } from "vitest";
import { createNativeTimeReader } from "./read-native-time.ts";

const read = createNativeTimeReader("America/Chicago");

test.each([
  ["20260302 0914", "2026-03-02T15:14:00Z"],
  ["260302 0914", "2026-03-02T15:14:00Z"],
  ["990302 091407", "1999-03-02T15:14:07Z"],
  ["20260302 09140755", "2026-03-02T15:14:07.55Z"],
  ["202603020914", "2026-03-02T15:14:00Z"],
  ["20260302091407.5-0600", "2026-03-02T09:14:07.5-06:00"],
  ["202108181126+0215", "2021-08-18T11:26:00+02:15"],
  ["2026-03-02T09:14:07Z", "2026-03-02T09:14:07Z"],
  // The spring gap: the later instant.
  ["20260308 0230", "2026-03-08T08:30:00Z"],
])("%s is %s", (written, time) => {
  expect(read(written)).toEqual({ time, isDay: false });
});

test.each([
  ["20260302", "2026-03-02T06:00:00Z"],
  ["260302", "2026-03-02T06:00:00Z"],
  ["2026-03-02", "2026-03-02T06:00:00Z"],
])("of %s only the day is known", (written, time) => {
  expect(read(written)).toEqual({ time, isDay: true });
});

test.each(["", "CCYYMMDD", "20261302", "20260230 0900", "2026", "20260302 2500", "0310162359"])(
  "%j is no moment",
  (written) => {
    expect(read(written)).toBeUndefined();
  },
);
