import { expect, test } from "vitest";
import {
  EMPTY_ORDER,
  listOrderFaults,
  sayClock,
  sayInForce,
  saySpool,
  sayTarget,
  toNewOrder,
  toOrderFaults,
} from "./edge-text.ts";

const ZONE = "America/Chicago";
const DRAFT = {
  ...EMPTY_ORDER,
  interface: " edi ",
  from: "2026-03-08T01:30",
  to: "2026-03-08T03:30",
  reason: "Lost at noon",
};

test("a range is read in the zone of the page, and what is empty is left out", () => {
  expect(listOrderFaults(DRAFT, ZONE)).toEqual({});
  expect(toNewOrder(DRAFT, ZONE)).toEqual({
    interface: "edi",
    target: { kind: "range", from: "2026-03-08T07:30:00.000Z", to: "2026-03-08T08:30:00.000Z" },
    reason: "Lost at noon",
  });
});

test("ids are taken one a line, each once, and a revision carries the reason", () => {
  const draft = { ...DRAFT, kind: "kept" as const, ids: "edi/1\n edi/2\n\nedi/1\n", revision: "2", site: "NORTH" };
  expect(toNewOrder(draft, ZONE)).toEqual({
    interface: "edi",
    site: "NORTH",
    target: { kind: "kept", ids: ["edi/1", "edi/2"] },
    mappedAgain: { number: 2, reason: "Lost at noon" },
    reason: "Lost at noon",
  });
});

test.each([
  ["no interface", { interface: " " }, "interface"],
  ["no beginning", { from: "" }, "from"],
  ["an end before its beginning", { to: "2026-03-08T01:00" }, "to"],
  ["no ids", { kind: "kept" as const }, "ids"],
  ["a revision that is no number", { revision: "one" }, "revision"],
  ["no reason", { reason: "no" }, "reason"],
])("%s is said at its field", (_, change, field) => {
  expect(Object.keys(listOrderFaults({ ...DRAFT, ...change }, ZONE))).toEqual([field]);
});

test("what the API refuses stands at the field that it is about", () => {
  expect(
    toOrderFaults([
      { path: "/body/target/to", message: "must be later than `from`" },
      { path: "/body/mappedAgain/number", message: "is too large" },
      { path: "/body/site", message: "is not yours" },
    ]),
  ).toEqual({ to: "This must be later than `from`.", revision: "This is too large.", site: "This is not yours." });
});

test.each([
  [null, undefined],
  [{ offsetMs: 0, errorMs: 500 }, "right within 500 ms"],
  [{ offsetMs: -900, errorMs: 500 }, "right within 1 s"],
  [{ offsetMs: 120_000, errorMs: 500 }, "2 min behind"],
  [{ offsetMs: -5000, errorMs: 500 }, "5 s ahead"],
])("a clock of %j is said as %j", (clock, expected) => {
  expect(sayClock({ clock })).toBe(expected);
});

test("what is in force is said against what was decided", () => {
  expect(sayInForce({ version: 0, latestVersion: 3 })).toBe("Nothing yet");
  expect(sayInForce({ version: 2, latestVersion: 3 })).toBe("1 decision behind");
  expect(sayInForce({ version: 3, latestVersion: 3 })).toBe("All of it");
});

test("a spool is said as a share of its bound, and a target by what it names", () => {
  expect(saySpool({ spool: { events: 1, bytes: 42, maxBytes: 1000 } })).toBe("4.2 %");
  expect(saySpool({ spool: { events: 0, bytes: 0, maxBytes: 0 } })).toBeUndefined();
  expect(sayTarget({ target: { kind: "kept", ids: ["a"] } }, String)).toBe("1 kept document");
  expect(sayTarget({ target: { kind: "range", from: "A", to: "B" } }, String)).toBe("raw documents from A to B");
});
