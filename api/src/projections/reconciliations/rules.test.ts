import { createHash } from "node:crypto";
import { type Rational, formatDecimal, sum } from "@throughline/schemas/exact/rational";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findAgeBand } from "./age.ts";
import { type ClassContext, classify } from "./classify.ts";
import { type ControlTotal, type HashParts, type Hop, PART_BITS, findDiscrepancies } from "./control-totals.ts";
import { decimal, toEntry } from "./entries.fixture.ts";
import { type Evidence, findCause } from "./find-cause.ts";
import { listOpen, measureDrift, traceEntries } from "./open-items.ts";
import { clearByQuantity, listAccruals, sumAccruals } from "./received-not-invoiced.ts";
import { rollForward } from "./roll-forward.ts";
import { suggestMatches } from "./suggest.ts";

const seen = { watermark: 1000, isSilent: false };
const context: ClassContext = { cutoff: 20, now: 20, lagMs: 10, matching: "1:1", feeds: { a: seen, b: seen } };
const item = { side: "a", lastAt: 10, period: "p1", isMatched: false, until: undefined, clearedIn: [] } as const;

describe("classes of open items", () => {
  it("waits up to and including the lag, then breaks by itself", () => {
    expect(classify(item, context)).toBe("TIMING");
    expect(classify(item, { ...context, cutoff: 21, now: 21 })).toBe("BREAK");
  });

  it("knows nothing while the feed of the other side is not complete", () => {
    const feeds = { a: seen, b: { watermark: 20, isSilent: false } };
    expect(classify(item, { ...context, cutoff: 21, now: 21, feeds })).toBe("UNKNOWN");
    expect(classify(item, { ...context, now: 50, feeds: { a: seen, b: { watermark: 19, isSilent: false } } })).toBe(
      "UNKNOWN",
    );
    expect(classify(item, { ...context, feeds: { a: seen, b: { watermark: 1000, isSilent: true } } })).toBe("UNKNOWN");
    expect(classify(item, { ...context, feeds: { b: seen, a: { watermark: 0, isSilent: true } } })).toBe("TIMING");
  });

  it("takes a posting in another period for a matter of the cut-off, and one in the same period not", () => {
    const cleared = { ...item, until: 30, clearedIn: ["p2"] };
    expect(classify(cleared, { ...context, now: 40 })).toBe("CUTOFF");
    expect(classify({ ...cleared, clearedIn: ["p1"] }, { ...context, now: 40 })).toBe("TIMING");
    expect(classify({ ...cleared, clearedIn: [] }, { ...context, cutoff: 25, now: 40 })).toBe("BREAK");
  });

  it("takes a difference between one and one for a break at once, and waits for further parts where there may be some", () => {
    const matched = { ...item, isMatched: true };
    expect(classify(matched, context)).toBe("BREAK");
    expect(classify(matched, { ...context, matching: "1:N" })).toBe("TIMING");
  });
});

describe("causes of open items", () => {
  const evidence: Evidence = {
    class: "BREAK",
    isMatched: true,
    hasFailed: false,
    isInOtherUnit: false,
    quantitiesAgree: true,
    measure: "money",
  };
  it.each([
    ["failed_message", { hasFailed: true, class: "TIMING" }],
    ["in_flight", { class: "TIMING" }],
    ["price_mismatch", {}],
    ["quantity_mismatch", { quantitiesAgree: false }],
    ["quantity_mismatch", { measure: "quantity", quantitiesAgree: undefined }],
    ["unit_mismatch", { isInOtherUnit: true }],
    ["unexplained", { isMatched: false }],
    ["unexplained", { quantitiesAgree: undefined }],
  ] as const)("finds %s", (cause, given) => {
    expect(findCause({ ...evidence, ...given })).toBe(cause);
  });
});

describe("figures of open items", () => {
  it.each([
    ["2026-03-31", "0-1"],
    ["2026-03-30", "0-1"],
    ["2026-03-24", "2-7"],
    ["2026-03-01", "8-30"],
    ["2026-02-28", "31-60"],
    ["2026-01-30", "31-60"],
    ["2025-12-31", "61-90"],
    ["2025-12-30", ">90"],
    ["2026-04-02", "0-1"],
  ])("takes %s on 31 March for %s days", (date, band) => {
    expect(findAgeBand(date, "2026-03-31")).toBe(band);
  });

  it("is an error when the items do not explain the difference of the totals", () => {
    const open = listOpen(traceEntries([toEntry("a", "5")], "1:1").episodes, 1);
    expect(() => measureDrift(open, { a: decimal("5"), b: decimal("1") })).toThrow("explain 5 of a difference of 4");
  });

  it("opens the excess of what clears too much, and keeps the first date of what opens again", () => {
    const over = traceEntries(
      [toEntry("a", "1000", { key: "k", at: 1 }), toEntry("b", "1200", { key: "k", at: 2 })],
      "1:N",
    );
    expect(over.flows.map(({ kind, count, value }) => `${kind} ${count}/${formatDecimal(value)}`)).toEqual([
      "new 1/1000",
      "cleared 1/1000",
      "new 1/200",
    ]);
    const reversed = toEntry("b", "100", { key: "k", at: 2, takenBack: [[3, "-100"]] });
    const again = traceEntries([toEntry("a", "100", { key: "k", at: 1 }), reversed], "1:1");
    expect(again.flows.map(({ kind }) => kind)).toEqual(["new", "cleared", "reopened"]);
    expect(listOpen(again.episodes, 9).map(({ since, from }) => [since, from])).toEqual([[1, 3]]);
  });

  it("names what comes after all was cleared after the entry that brought it", () => {
    const entries = [
      toEntry("a", "100", { key: "k", id: "first", at: 1 }),
      toEntry("b", "100", { key: "k", at: 2 }),
      toEntry("a", "50", { key: "k", id: "second", at: 3 }),
    ];
    const open = listOpen(traceEntries(entries, "M:N").episodes, 9);
    expect(open.map((found) => [found.item, found.since])).toEqual([["second", 3]]);
  });

  it("lets a corrected posting take the place of the one that was taken back", () => {
    const wrong = toEntry("b", "90", { key: "k", at: 2, takenBack: [[3, "-90"]] });
    const right = toEntry("b", "100", { key: "k", id: "a-right", at: 3 });
    const traced = traceEntries([toEntry("a", "100", { key: "k", at: 1 }), wrong, right], "1:1");
    expect(listOpen(traced.episodes, 9)).toEqual([]);
  });

  it("takes reclassifications only when they sum to zero", () => {
    const reclass = (value: string) =>
      ({ kind: "reclass", count: 0, value: decimal(value), reason: "1000 to 2000" }) as const;
    const opening = { count: 1, value: decimal("10") };
    expect(() => rollForward(opening, [], [reclass("5")])).toThrow("sum to zero");
    expect(formatDecimal(rollForward(opening, [], [reclass("5"), reclass("-5")]).closing.value)).toBe("10");
  });

  it("adds amounts of thirty digits exactly", () => {
    const large = "123456789012345678901234567890.01";
    const entries = [
      toEntry("a", large, { key: "k" }),
      toEntry("b", "123456789012345678901234567890.00", { key: "k" }),
    ];
    expect(listOpen(traceEntries(entries, "1:1").episodes, 1).map(({ value }) => formatDecimal(value))).toEqual([
      "0.01",
    ]);
  });

  it("counts an unmatched item of no value, and matches it", () => {
    const nothing = [toEntry("a", "0", { key: "k" })];
    expect(listOpen(traceEntries(nothing, "1:1").episodes, 1).length).toBe(1);
    expect(listOpen(traceEntries([...nothing, toEntry("b", "0", { key: "k" })], "1:1").episodes, 1)).toEqual([]);
  });
});

describe("receipts that are not invoiced", () => {
  const valued = (at: number, quantity: string, amount: string) => ({
    at,
    quantity: decimal(quantity),
    amount: decimal(amount),
  });
  const account = { line: "1/10", unit: "EA", currency: "USD", receipts: [], invoices: [] };

  it("waits with the price until something is received", () => {
    const early = { ...account, invoices: [valued(1, "10", "105")] };
    const { quantity, balance, priceVariance } = clearByQuantity(early, 9);
    expect([quantity, balance, priceVariance].map(formatDecimal)).toEqual(["-10", "-105", "0"]);
    const later = clearByQuantity({ ...early, receipts: [valued(2, "10", "100")] }, 9);
    expect([later.quantity, later.balance, later.priceVariance].map(formatDecimal)).toEqual(["0", "0", "5"]);
  });

  it("lists what was open at the cut-off, by the oldest receipt that is not invoiced, and adds up each currency by itself", () => {
    const receipts = [valued(1, "10", "100"), valued(2, "10", "100"), valued(3, "-2", "-20"), valued(8, "5", "50")];
    const lines = [
      { ...account, receipts, invoices: [valued(4, "12", "120")] },
      { ...account, line: "2/10", currency: "EUR", receipts: [valued(1, "1", "7")] },
      { ...account, line: "3/10", receipts: [valued(1, "1", "7")], invoices: [valued(2, "1", "8")] },
    ];
    const accruals = listAccruals(lines, 8);
    expect(
      accruals.map(({ line, quantity, value, since }) => [line, formatDecimal(quantity), formatDecimal(value), since]),
    ).toEqual([
      ["1/10", "6", "60", 2],
      ["2/10", "1", "7", 1],
    ]);
    expect([...sumAccruals(accruals)].map(([currency, value]) => [currency, formatDecimal(value)])).toEqual([
      ["USD", "60"],
      ["EUR", "7"],
    ]);
  });
});

describe("suggestions", () => {
  it("names items of one value, then sums of two, and uses none twice", () => {
    const entries = [
      toEntry("a", "100", { key: "a1", id: "a1" }),
      toEntry("b", "100", { key: "b1", id: "b1" }),
      toEntry("a", "70", { key: "a2", id: "a2" }),
      toEntry("b", "30", { key: "b2", id: "b2" }),
      toEntry("b", "40", { key: "b3", id: "b3" }),
      toEntry("a", "0", { key: "a3", id: "a3" }),
    ];
    const open = listOpen(traceEntries(entries, "M:N").episodes, 1);
    expect(open.length).toBe(6);
    expect(suggestMatches(open)).toEqual([
      { kind: "same_value", items: ["a/a1", "b/b1"] },
      { kind: "sum_of_two", items: ["a/a2", "b/b2", "b/b3"] },
    ]);
  });
});

describe("two-sided control totals", () => {
  const toHash = (key: string) => createHash("sha256").update(key).digest().readUInt32BE(0);
  const toPart = (key: string, bits: number) => (bits === 0 ? 0 : toHash(key) >>> (32 - bits));
  const toTotal = (own: [string, Rational][]): ControlTotal => {
    const said = own.map(([key, value]) => `${key}=${formatDecimal(value)}`).toSorted();
    const digest = createHash("sha256").update(said.join()).digest("hex");
    return { keys: own.length, count: own.length, sum: sum(own.map(([, value]) => value)), digest };
  };
  const createHop = (rows: ReadonlyMap<string, Rational>) => {
    const asked = { questions: 0, keys: 0 };
    const inParts = ({ bits, values }: HashParts) => [...rows].filter(([key]) => values.includes(toPart(key, bits)));
    const hop: Hop = {
      divide: async (parts) => {
        asked.questions++;
        const groups = Map.groupBy(inParts(parts), ([key]) => toPart(key, parts.bits + PART_BITS));
        return new Map([...groups].map(([part, own]) => [part, toTotal(own)]));
      },
      list: async (parts) => {
        const own = inParts(parts);
        asked.keys += own.length;
        return new Map(own);
      },
    };
    return { hop, asked };
  };

  it("divides down to just the keys that are missing or differ", async () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.array(fc.constantFrom("same", "missing", "extra", "other"), { minLength: 60, maxLength: 60 }),
        async (names, fates) => {
          const fateOf = new Map(names.map((name, index) => [name, fates[index] ?? "same"]));
          const rows = (skipped: string, other: string) =>
            new Map(
              [...fateOf]
                .filter(([, fate]) => fate !== skipped)
                .map(([name, fate]) => [name, decimal(fate === "other" ? other : "1")]),
            );
          const [a, b] = [createHop(rows("extra", "1")), createHop(rows("missing", "2"))];
          const { found, isWhole } = await findDiscrepancies({ a: a.hop, b: b.hop }, { maxKeys: 2 });
          const expected = [...fateOf].filter(([, fate]) => fate !== "same").map(([name]) => name);
          expect(found.map(({ key }) => key)).toEqual(expected.toSorted((x, y) => (x < y ? -1 : 1)));
          expect(isWhole).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("finds one missing key of many with few questions", async () => {
    const rows = new Map(Array.from({ length: 4096 }, (_, index) => [`k${index}`, decimal("1")]));
    const [a, b] = [createHop(rows), createHop(new Map([...rows].filter(([key]) => key !== "k77")))];
    const { found } = await findDiscrepancies({ a: a.hop, b: b.hop }, { maxKeys: 8 });
    expect(found.map(({ key, b: value }) => [key, value])).toEqual([["k77", undefined]]);
    expect(a.asked.questions).toBeLessThanOrEqual(2);
    expect(a.asked.keys).toBeLessThan(8);
  });

  it("stays bounded where everything differs, and says that this is not all", async () => {
    const rows = new Map(Array.from({ length: 4096 }, (_, index) => [`k${index}`, decimal("1")]));
    const [a, b] = [createHop(rows), createHop(new Map())];
    const { found, isWhole } = await findDiscrepancies({ a: a.hop, b: b.hop }, { maxParts: 4, maxFound: 10 });
    expect([found.length, isWhole]).toEqual([10, false]);
    expect(a.asked.keys).toBeLessThan(200);
  });
});
