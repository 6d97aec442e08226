interface Numbered {
  first: number;
  count: number;
}

const TYPES = ["erp.goods_receipt.posted", "procurement.purchase_order.issued", "pharmacy.stock.below_par"];

/** Events whose ids are their numbers, with one to three objects each. */
export function toEventsBody({ first, count }: Numbered) {
  const events = listNumbers({ first, count }).map((number) => ({
    specversion: "1.0",
    id: String(number),
    source: "urn:faults:load",
    type: TYPES[number % TYPES.length],
    data: {
      objects: listNumbers({ first: 0, count: 1 + (number % 3) }).map((index) => ({
        type: "item",
        id: `${number}/${index}`,
      })),
      attributes: { note: "x".repeat(number % 200) },
    },
  }));
  return { path: "/v1/events", body: JSON.stringify(events) };
}

/** Spans whose ids are their numbers, each of a trace of its own and naming one object. */
export function toSpansBody({ first, count }: Numbered) {
  const startTimeUnixNano = `${Date.now()}000000`;
  const spans = listNumbers({ first, count }).map((number) => ({
    traceId: number.toString(16).padStart(32, "0"),
    spanId: number.toString(16).padStart(16, "0"),
    name: "fault",
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano,
    attributes: [{ key: "throughline.object.item", value: { stringValue: String(number) } }],
  }));
  return { path: "/v1/traces", body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }) };
}

function listNumbers({ first, count }: Numbered): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
