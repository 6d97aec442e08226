import fc from "fast-check";
import type { Fact } from "./fact.ts";
import type { ApprovedWindow } from "./legs/moves.ts";
import { at, createFact } from "./legs/order-flow.fixture.ts";

const TYPES = [
  "procurement.purchase_order.issued",
  "supplier.acknowledgment.received",
  "supplier.shipment.sent",
  "erp.goods_receipt.posted",
  "erp.goods_receipt.reversed",
  "procurement.purchase_order.cancelled",
  "procurement.purchase_order.changed",
  "supplier.message.sent",
] as const;

const DAY_MINUTES = 24 * 60;

const line = fc.constantFrom("1/10", "1/20", "2/10");
const objects = fc.record({
  lines: fc.uniqueArray(line, { maxLength: 2 }),
  order: fc.option(fc.constantFrom("1", "2"), { freq: 2 }),
  shipment: fc.option(fc.constantFrom("s1", "s2"), { freq: 2 }),
  message: fc.option(fc.constantFrom("m1", "m2"), { freq: 3 }),
  supplier: fc.option(fc.constantFrom("ACME", "BRAVO"), { freq: 2 }),
});

const statement = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  revision: fc.constantFrom(0, 0, 0, 1),
  digest: fc.constantFrom("a", "a", "b"),
  type: fc.constantFrom(...TYPES, TYPES[0], TYPES[3]),
  minute: fc.integer({ min: 0, max: 26 * 60 }),
  isDay: fc.constantFrom(false, false, false, true),
  quantity: fc.integer({ min: 10, max: 100 }),
  status: fc.constantFrom("IA", "IA", "IR"),
  outcome: fc.constantFrom("", "", "", "failed"),
  reverses: fc.option(fc.integer({ min: 1, max: 12 }), { freq: 4 }),
  objects,
});

/**
 * Small worlds of statements about three order lines with shipments and messages: repetitions, revisions, conflicts,
 * reversals (of reversals too), changes with and without a quantity, links that come late, and statements of which only the day is known. What is stated under one id, revision and digest is always the same.
 */
export const worlds = fc.array(statement, { minLength: 1, maxLength: 25 }).map((statements) => {
  const byKey = new Map(statements.map((each) => [`${each.id}/${each.revision}/${each.digest}`, each]));
  return statements.map((each) => toFact(byKey.get(`${each.id}/${each.revision}/${each.digest}`) ?? each));
});

function toFact(each: typeof statement extends fc.Arbitrary<infer Value> ? Value : never): Fact {
  const isReversal = each.type === "erp.goods_receipt.reversed";
  return createFact({
    id: `e${each.id}`,
    revision: each.revision,
    digest: each.digest.repeat(32),
    type: each.type,
    time: at("00:00") + (each.isDay ? each.minute - (each.minute % DAY_MINUTES) : each.minute) * 60_000,
    impreciseMs: each.isDay ? DAY_MINUTES * 60_000 - 1 : undefined,
    outcome: each.outcome,
    site: "north",
    measures: isSilent(each) ? {} : { quantity: { value: String(each.quantity), unit: "EA" } },
    attributes: { line_status: each.status },
    reverses:
      isReversal && each.reverses !== null && each.reverses < each.id
        ? { source: "erp", id: `e${each.reverses}` }
        : undefined,
    objects: [
      ...each.objects.lines.map((id) => ({ type: "purchase_order_line", id })),
      ...toObjects("purchase_order", each.objects.order),
      ...toObjects("shipment", each.objects.shipment),
      ...toObjects("message", each.objects.message),
      ...toObjects("supplier", each.objects.supplier),
    ],
  });
}

/** Some changes state no quantity. */
function isSilent({ type, quantity }: { type: string; quantity: number }): boolean {
  return type === "procurement.purchase_order.changed" && quantity % 3 === 0;
}

function toObjects(type: string, id: string | null) {
  return id === null ? [] : [{ type, id }];
}

/** When the rules change, where they do. */
export const changeTimes = fc.option(
  fc.integer({ min: 0, max: 26 * 60 }).map((minute) => at("00:00") + minute * 60_000),
  { nil: undefined },
);

/** Approved windows over the days of the worlds, some without an end. */
export const approvedWindows = fc.array(
  fc
    .record({
      id: fc.constantFrom("w1", "w2", "w3"),
      kind: fc.constantFrom("excuse" as const, "pause" as const),
      minute: fc.integer({ min: -120, max: 36 * 60 }),
      minutes: fc.option(fc.integer({ min: 0, max: 12 * 60 }), { freq: 6 }),
    })
    .map(({ id, kind, minute, minutes }): ApprovedWindow => {
      const from = at("00:00") + minute * 60_000;
      return { id, version: 1, kind, from, until: minutes === null ? undefined : from + minutes * 60_000 };
    }),
  { maxLength: 4 },
);
