import { describe, expect, it } from "vitest";
import { type Rational, formatDecimal } from "@throughline/schemas/exact/rational";
import { type ClassContext, classify } from "./classify.ts";
import { decimal, toEntry } from "./entries.fixture.ts";
import type { Entry, Matching } from "./entry.ts";
import { findPeriod } from "@throughline/schemas/calendar/fiscal-period";
import { judgeMateriality } from "./materiality.ts";
import { listOpen, measureDrift, sumSides, traceEntries } from "./open-items.ts";
import { clearByQuantity, listAccruals } from "./received-not-invoiced.ts";
import { checkResidual, rollForward } from "./roll-forward.ts";
import { compareCount } from "./stock-count.ts";
import type { Episode } from "./trace-group.ts";

const HOUR = 3_600_000;
const LATER = Date.UTC(2027, 0);
const MONTHS = { kind: "months", firstMonth: 1 } as const;

function driftOf(
  entries: readonly Entry[],
  { matching = "1:1", before = LATER }: { matching?: Matching; before?: number } = {},
) {
  const open = listOpen(traceEntries(entries, matching).episodes, before);
  const { net, gross, count } = measureDrift(open, sumSides(entries, before));
  return { net: formatDecimal(net), gross: formatDecimal(gross), count };
}

function classOf(item: Episode | undefined, context: Partial<ClassContext> = {}) {
  if (!item) throw new Error("nothing is open");
  const feed = { watermark: LATER, isSilent: false };
  const asOf = context.cutoff ?? LATER;
  return classify(item, {
    cutoff: asOf,
    now: asOf,
    lagMs: HOUR,
    matching: "1:1",
    feeds: { a: feed, b: feed },
    ...context,
  });
}

describe("examples of reconciliation", () => {
  it("R1: takes a matched difference and an unmatched item into net, gross and count", () => {
    const entries = [
      ...["100", "200", "400", "500"].map((value) => toEntry("a", value)),
      ...["100", "200", "500"].map((value) => toEntry("b", value)),
      toEntry("a", "300", { key: "shared" }),
      toEntry("b", "310", { key: "shared" }),
    ];
    expect(driftOf(entries)).toEqual({ net: "390", gross: "410", count: 2 });
  });

  it("R2: finds two breaks where the net is nothing", () => {
    const entries = [toEntry("a", "1000", { key: "one" }), toEntry("b", "1000", { key: "other" })];
    expect(driftOf(entries)).toEqual({ net: "0", gross: "2000", count: 2 });
    const open = listOpen(traceEntries(entries, "1:1").episodes, LATER);
    expect(open.map((item) => classOf(item))).toEqual(["BREAK", "BREAK"]);
  });

  it("R3: rolls the gross forward, in count and in money", () => {
    const flows = [
      { kind: "new", count: 30, value: decimal("91450") },
      { kind: "cleared", count: 35, value: decimal("110900") },
    ] as const;
    const opening = { count: 12, value: decimal("48200") };
    const rolled = rollForward(opening, flows);
    expect(show(rolled.closing)).toEqual({ count: 7, value: "28750" });
    const fx = { kind: "fx", count: 0, value: decimal("150"), reason: "rates of March" } as const;
    expect(show(rollForward(opening, flows, [fx]).closing)).toEqual({ count: 7, value: "28900" });
    expect(() => checkResidual(rolled, { count: 7, value: decimal("28750.01") })).toThrow("0 items and 0.01");
  });

  it("R4: clears a part of an item and leaves it open with the rest", () => {
    const entries = [toEntry("a", "1000", { key: "k", at: 1 }), toEntry("b", "600", { key: "k", at: 2 })];
    const { flows } = traceEntries(entries, "1:N");
    const { cleared, closing } = rollForward({ count: 0, value: decimal("0") }, flows);
    expect(show(cleared)).toEqual({ count: 0, value: "600" });
    expect(show(closing)).toEqual({ count: 1, value: "400" });
  });

  it("R5: holds one against several, and several against several, by their sums", () => {
    const of = (side: "a" | "b", values: readonly string[]) =>
      values.map((value, index) => toEntry(side, value, { key: "k", id: `${index}` }));
    expect(driftOf([...of("a", ["100"]), ...of("b", ["60", "40"])], { matching: "1:N" }).count).toBe(0);
    expect(driftOf([...of("a", ["3", "5", "2"]), ...of("b", ["6", "4"])], { matching: "M:N" }).count).toBe(0);
  });

  it("R6: puts a receipt of the last evening into its period where it happened", () => {
    const zone = "America/Los_Angeles";
    const received = Date.parse("2026-04-01T06:40:00Z");
    const posted = Date.parse("2026-04-02T17:00:00Z");
    const march = findPeriod(received, zone, MONTHS);
    const april = findPeriod(posted, zone, MONTHS);
    expect([march.id, april.id]).toEqual(["2026-03", "2026-04"]);
    const entries = [
      toEntry("a", "2500", { key: "k", at: received, period: march.id }),
      toEntry("b", "2500", { key: "k", at: posted, period: april.id }),
    ];
    const netAt = (before: number) => Number(driftOf(entries, { before }).net);
    expect(netAt(march.until) - netAt(march.from)).toBe(2500);
    expect(netAt(april.until) - netAt(april.from)).toBe(-2500);
    expect(netAt(april.until)).toBe(0);
    const [item] = listOpen(traceEntries(entries, "1:1").episodes, march.until);
    expect(classOf(item, { cutoff: march.until, now: april.until })).toBe("CUTOFF");
    const differing = [...entries.slice(0, 1), toEntry("b", "2600", { key: "k", at: posted, period: april.id })];
    const [broken] = listOpen(traceEntries(differing, "1:1").episodes, march.until);
    expect(classOf(broken, { cutoff: march.until, now: april.until, lagMs: 0 })).toBe("BREAK");
  });

  it("R7: clears receipts against invoices by quantity and keeps the price variance out", () => {
    const account = {
      line: "4500012345/10",
      unit: "EA",
      currency: "USD",
      receipts: [{ at: 1, quantity: decimal("100"), amount: decimal("1000") }],
      invoices: [{ at: 2, quantity: decimal("60"), amount: decimal("630") }],
    };
    const clearing = clearByQuantity(account, LATER);
    expect(texts({ ...clearing })).toEqual({ quantity: "40", balance: "400", priceVariance: "30" });
    const [accrual] = listAccruals([account], LATER);
    expect(accrual && texts({ quantity: accrual.quantity, value: accrual.value })).toEqual({
      quantity: "40",
      value: "400",
    });
  });

  it("R8: compares a count with the book, in vials and in money", () => {
    const movements = ["200", "-260", "-5"].map(decimal);
    const found = compareCount({ opening: decimal("500"), movements, counted: decimal("431"), cost: decimal("4.00") });
    expect(texts(found)).toEqual({ expected: "435", difference: "-4", value: "-16" });
  });

  it("R9: tolerates no missing vial of schedule II, from the first moment on", () => {
    const movements = ["25", "2", "-37", "-1", "-3"].map(decimal);
    const found = compareCount({ opening: decimal("40"), movements, counted: decimal("25"), cost: undefined });
    expect(texts({ expected: found.expected, difference: found.difference })).toEqual({
      expected: "26",
      difference: "-1",
    });
    const entries = [toEntry("a", "26", { key: "k", at: 5 }), toEntry("b", "25", { key: "k", at: 5 })];
    const [item] = listOpen(traceEntries(entries, "1:1").episodes, 6);
    if (!item) throw new Error("nothing is open");
    const judged = { ...item, class: classOf(item, { cutoff: 6, lagMs: 0 }) };
    expect(judged.class).toBe("BREAK");
    const { beyond, account } = judgeMateriality([judged], { item: "zero", account: "zero" });
    expect([beyond.length, account.isBreached]).toEqual([1, true]);
  });

  it("R10: breaches the limit of the account with items that are each below theirs", () => {
    const items = Array.from({ length: 60 }, () => ({ class: "BREAK", value: decimal("90") }) as const);
    const { beyond, account } = judgeMateriality(items, { item: "100", account: "5000" });
    expect([beyond.length, formatDecimal(account.gross), account.isBreached]).toEqual([0, "5400", true]);
    expect(judgeMateriality(items, { item: "90", account: "5400" }).account.isBreached).toBe(false);
  });
});

function show({ count, value }: { count: number; value: Rational }) {
  return { count, value: formatDecimal(value) };
}

function texts(values: Record<string, Rational | undefined>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value && formatDecimal(value)]));
}
