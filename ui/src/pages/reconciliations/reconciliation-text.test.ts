import { expect, test } from "vitest";
import { listNeighbours, sayDays, toDay } from "./period-text.ts";
import { type Drift, listIncomplete, sayLimit, sayUnit, stateOf, toShares } from "./reconciliation-text.ts";

const HEARD = { completeTo: "2026-04-02T10:00:00.000Z", isSilent: false };
const FEEDS = { a: HEARD, b: HEARD };
const SILENT = { a: HEARD, b: { ...HEARD, isSilent: true } };
const MARCH = {
  id: "2026-03",
  from: "2026-03-01T06:00:00.000Z",
  to: "2026-04-01T05:00:00.000Z",
  zone: "America/Chicago",
};

function toDrift(more: Partial<Drift>): Drift {
  return {
    unit: "USD",
    net: "0",
    gross: "0",
    count: 0,
    byClass: [],
    byCause: [],
    aging: [],
    beyondItemLimit: 0,
    isAccountBreached: false,
    itemsHref: "",
    ...more,
  };
}

test("a reconciliation agrees only when it is kept, both feeds are heard, and nothing is open", () => {
  expect(stateOf({ isKept: true, feeds: FEEDS }, undefined)).toBe("agrees");
  expect(stateOf({ isKept: true, feeds: FEEDS }, toDrift({ count: 2 }))).toBe("open");
  expect(stateOf({ isKept: false, feeds: FEEDS }, undefined)).toBe("unknown");
  expect(stateOf({ isKept: true, feeds: SILENT }, toDrift({ count: 2 }))).toBe("unknown");
  const unknown = toDrift({ count: 2, byClass: [{ class: "UNKNOWN", count: 1, value: "5" }] });
  expect(stateOf({ isKept: true, feeds: FEEDS }, unknown)).toBe("unknown");
});

test("a broken limit comes before all else, and is said in words", () => {
  const drift = toDrift({ count: 2, beyondItemLimit: 2, isAccountBreached: true });
  expect(stateOf({ isKept: true, feeds: SILENT }, drift)).toBe("beyond");
  expect(sayLimit(drift)).toBe("2 items beyond the item limit, breaks beyond the account limit");
  expect(sayLimit(toDrift({}))).toBeUndefined();
});

test("a side that ends before an ended period is named; of the one that runs only what is silent", () => {
  const sides = { a: "Dispensed", b: "Issued", period: MARCH };
  const late = { a: HEARD, b: { completeTo: "2026-03-31T10:00:00.000Z", isSilent: false } };
  const readAt = "2026-04-02T10:05:00.000Z";
  expect(listIncomplete({ ...sides, feeds: late, readAt })).toEqual([
    { side: "Issued", completeTo: "2026-03-31T10:00:00.000Z" },
  ]);
  const running = { ...sides, feeds: late, period: { ...MARCH, to: "2026-04-02T10:06:00.000Z" } };
  expect(listIncomplete({ ...running, readAt })).toEqual([]);
  expect(listIncomplete({ ...running, feeds: SILENT, readAt }).map(({ side }) => side)).toEqual(["Issued"]);
});

test("periods are said, and left for their neighbours, by the clocks of the books", () => {
  expect(sayDays(MARCH)).toBe("1 Mar 2026 to 31 Mar 2026");
  expect(toDay(MARCH)).toBe("2026-03-01");
  expect(listNeighbours(MARCH, "2026-04-02T10:00:00.000Z")).toEqual({ before: "2026-02-28", after: "2026-04-01" });
  expect(listNeighbours(MARCH, "2026-03-31T10:00:00.000Z")).toEqual({ before: "2026-02-28" });
});

test("shares go by size, and units are named", () => {
  expect(
    toShares([
      { count: 1, value: "-30" },
      { count: 2, value: "10" },
    ]).map(({ share }) => share),
  ).toEqual([0.75, 0.25]);
  expect(toShares([{ count: 0, value: "0" }]).map(({ share }) => share)).toEqual([0]);
  expect(["", "count", "USD"].map(sayUnit)).toEqual(["no unit stated", "entries", "USD"]);
});
