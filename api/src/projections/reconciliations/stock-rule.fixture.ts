import type { Reconciliation, Reconciliations } from "@throughline/schemas/pack/reconciliation";
import fc from "fast-check";
import { type Fact, toIdentity } from "../fact.ts";
import { MAX_SKEW_MS } from "./key-facts.ts";
import { RECEIPTS, RULES, toReceiptFact } from "./receipt-rule.fixture.ts";

export const REFILLED = "pharmacy.stock.refilled";
const DISPENSED = "pharmacy.dispense.recorded";
const VOIDED = "pharmacy.dispense.voided";
export const COUNTED = "pharmacy.stock.counted";

/** What moved in a place, by item, against its counts. */
export const STOCK: Reconciliation = {
  ...RECEIPTS,
  id: "stock",
  title: "Stock to counts",
  domain: "pharmacy",
  a: {
    ...RECEIPTS.a,
    events: [
      { type: REFILLED, sign: "plus" },
      { type: DISPENSED, sign: "minus" },
    ],
    reversals: [VOIDED],
    milestone: "dispensed",
  },
  b: { title: "Counted", events: [{ type: COUNTED, sign: "plus" }], reversals: [], date: "event", isLevel: true },
  key: ["object.location", "object.item"],
  matching: "1:1",
  lag: "PT0S",
};

/** As an earlier release evaluated it: an object as a whole. */
export const STOCK_AS_A_WHOLE: Reconciliation = { ...STOCK, b: { ...STOCK.b, milestone: "nothing-names-this" } };

export function toStockRules(rule: Reconciliation): Reconciliations {
  return { ...RULES, reconciliations: [rule], versions: new Map([["stock", "v1"]]) };
}

export const PLACES = ["north/1", "north/2"] as const;
const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 2, 2);

export function toStock(
  type: string,
  { id, hour, quantity, item = "X" }: { id: string; hour: number; quantity: string; item?: string },
): Fact {
  return toReceiptFact({
    id,
    line: "",
    type,
    time: START + hour * HOUR_MS,
    objects: [
      { type: "location", id: PLACES[0] },
      { type: "item", id: item },
    ],
    measures: { quantity: { value: quantity, unit: "EA" } },
  });
}

/** Without what is dated a day before what it takes back, which takes nothing back where keys are looked at by themselves. */
export function leaveOutSkewed(facts: readonly Fact[]): Fact[] {
  return facts.filter(({ reverses, time }) =>
    reverses === undefined || "milestone" in reverses
      ? true
      : facts.every((fact) => toIdentity(fact) !== toIdentity(reverses) || fact.time <= time + MAX_SKEW_MS),
  );
}

interface Drawn {
  kind: "refilled" | "dispensed" | "voided" | "counted";
  place: string;
  item: string;
  hour: number;
  quantity: string;
  unit: string;
  number: number;
  target: number;
  names: "nothing" | "event" | "dispense" | "dispense without item" | "item" | "reversal";
}

const DRAWN: { [Name in keyof Drawn]: fc.Arbitrary<Drawn[Name]> } = {
  kind: fc.constantFrom("refilled", "dispensed", "dispensed", "voided", "counted", "counted"),
  place: fc.constantFrom("north/1", "north/1", "north/1", "north/2"),
  item: fc.constantFrom("X", "X", "X", "Y"),
  hour: fc.nat({ max: 24 * 40 }).map((hour) => hour - (hour % 7)),
  quantity: fc.constantFrom("1", "2", "5", "0.5"),
  unit: fc.constantFrom("EA", "EA", "EA", "EA", "EA", "CS", ""),
  number: fc.nat({ max: 5 }),
  target: fc.nat({ max: 5 }),
  names: fc.constantFrom(
    "nothing",
    "nothing",
    "event",
    "event",
    "dispense",
    "dispense without item",
    "item",
    "reversal",
  ),
};

/** Events of stock, in which voids take back dispenses of their own item, by every way in which they can name them. */
export const stockFact: fc.Arbitrary<Fact> = fc.record(DRAWN).map((drawn) => {
  const { kind, place, item, hour, quantity, unit, number } = drawn;
  const types = { refilled: REFILLED, dispensed: DISPENSED, voided: VOIDED, counted: COUNTED };
  const content = [place, item, hour, quantity, unit, number, drawn.target, drawn.names].join(" ");
  // Dispenses and voids have names that others name; one may be stated twice with different content.
  const isNamed = kind === "dispensed" || kind === "voided";
  const isVoid = kind === "voided";
  const hasItem = !isVoid || drawn.names !== "dispense without item";
  return toReceiptFact({
    id: isNamed ? `${kind} ${place} ${item} ${number}` : `${kind} ${content}`,
    line: "",
    source: "pharmacy",
    digest: toDigest(content),
    type: types[kind],
    domain: "pharmacy",
    time: START + hour * HOUR_MS,
    objects: [
      { type: "location", id: place },
      ...(hasItem ? [{ type: "item", id: item }] : []),
      ...(isNamed ? [{ type: "dispense", id: `${place} ${item} ${isVoid ? drawn.target % 3 : number % 3}` }] : []),
    ],
    measures: unit === "" ? {} : { quantity: { value: quantity, unit } },
    reverses: isVoid ? toReverses(drawn) : undefined,
  });
});

function toReverses({ names, place, item, target }: Drawn): Fact["reverses"] {
  if (names === "event") return { source: "pharmacy", id: `dispensed ${place} ${item} ${target}` };
  if (names === "reversal") return { source: "pharmacy", id: `voided ${place} ${item} ${target}` };
  if (names === "item") return { object: { type: "item", id: item }, milestone: "dispensed" };
  if (names === "nothing") return undefined;
  return { object: { type: "dispense", id: `${place} ${item} ${target % 3}` }, milestone: "dispensed" };
}

/** A digest stands for a content. */
function toDigest(content: string): string {
  let hash = 0;
  for (const letter of content) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 0xff_ff_ff_ff;
  return hash.toString(16).padStart(8, "0").repeat(8);
}
