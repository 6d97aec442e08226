/** Events and spans with known verdicts: what the pages have to show can be worked out by hand. */
export interface Trade {
  events: object[];
  spans: object;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SITES = ["north", "lakeside"] as const;

/** Lines without an acknowledgement thirty hours after they were sent: the twenty hours allowed are over. */
export const UNANSWERED = 60;
/** Lines that were acknowledged an hour after they were sent. */
export const ANSWERED = 40;
/** Lines sent eighteen hours ago: most of their time is used. */
export const WAITING = 5;
/** The line whose journey has everything: repeated, corrected, contradicted and failed events, and a trace. */
export const RICH_LINE = "4500012345/10";
export const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

/** The trade of a day and a half before `now`. */
export function createTrade(now: number): Trade {
  const lines = [
    ...numbered(UNANSWERED, (n) => sendLine(`45000010${pad(n)}/10`, now - 30 * HOUR_MS + n * MINUTE_MS, n)),
    ...numbered(ANSWERED, (n) => {
      const line = `45000020${pad(n)}/10`;
      const sentAt = now - 26 * HOUR_MS + n * MINUTE_MS;
      return [...sendLine(line, sentAt, n), acknowledge(line, sentAt + HOUR_MS, n)];
    }),
    ...numbered(WAITING, (n) => sendLine(`45000030${pad(n)}/10`, now - 18 * HOUR_MS + n * MINUTE_MS, n)),
  ];
  return { events: [...lines.flat(), ...tellRichLine(now)], spans: traceRichLine(now) };
}

/** An order line that was sent and whose message the supplier's system could read. */
export function sendLine(line: string, atMs: number, n: number): object[] {
  return [
    toEvent({
      id: `sent-${line}`,
      source: "/procurement/group",
      type: "procurement.purchase_order.issued",
      atMs,
      n,
      line,
    }),
    toEvent({
      id: `read-${line}`,
      source: "/edi/CARDINAL",
      type: "supplier.message.accepted",
      atMs: atMs + 5 * MINUTE_MS,
      n,
      line,
      data: { attributes: { transaction: "850" } },
    }),
  ];
}

function acknowledge(line: string, atMs: number, n: number): object {
  const data = { attributes: { line_status: "IA" } };
  return toEvent({
    id: `ack-${line}`,
    source: "/edi/CARDINAL",
    type: "supplier.purchase_order.acknowledged",
    atMs,
    n,
    line,
    data,
  });
}

function tellRichLine(now: number): object[] {
  const sentAt = now - 28 * HOUR_MS;
  const [sent, read] = sendLine(RICH_LINE, sentAt, 0);
  const ship = { id: "ship-1", source: "/edi/CARDINAL", type: "supplier.shipment.notified", n: 0, line: RICH_LINE };
  const shippedAt = sentAt + 3 * HOUR_MS;
  const quantity = (value: string) => ({
    measures: { quantity: { value, unit: "CS" }, amount: { value: "240.00", currency: "USD" } },
  });
  const failed = { class: "timeout", code: "RFC", message: "The ERP did not answer within 30 s.", retryable: true };
  return [
    sent ?? {},
    read ?? {},
    acknowledge(RICH_LINE, sentAt + 22 * HOUR_MS, 0),
    toEvent({ ...ship, atMs: shippedAt, data: quantity("10") }),
    toEvent({ ...ship, atMs: shippedAt, data: quantity("10") }),
    toEvent({ ...ship, atMs: shippedAt, data: { ...quantity("9"), revision: 1, reason: "One case was short." } }),
    ...["dock 1", "dock 2"].map((dock) =>
      toEvent({
        ...ship,
        id: "arrive-1",
        source: "/receiving/north",
        type: "receiving.shipment.arrived",
        atMs: shippedAt + 2 * HOUR_MS,
        data: { attributes: { dock } },
      }),
    ),
    toEvent({
      ...ship,
      id: "receive-1",
      source: "/receiving/north",
      type: "receiving.goods_receipt.recorded",
      atMs: shippedAt + 3 * HOUR_MS,
      data: quantity("9"),
      traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
    }),
    toEvent({
      ...ship,
      id: "post-1",
      source: "/erp/group",
      type: "erp.goods_receipt.refused",
      atMs: shippedAt + 3 * HOUR_MS + 30_000,
      data: { outcome: "failed", error: failed },
    }),
  ];
}

/** OTLP in JSON: a request that reaches a second system, where a step fails. */
function traceRichLine(now: number): object {
  const startMs = now - 22 * HOUR_MS;
  const span = ([id, parent, name]: [string, string, string], lengthMs: number) => ({
    traceId: TRACE_ID,
    spanId: id,
    ...(parent === "" ? {} : { parentSpanId: parent }),
    name,
    kind: 2,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + lengthMs}000000`,
    attributes: [{ key: "throughline.object.purchase_order_line", value: { stringValue: RICH_LINE } }],
    status: name === "post receipt" ? { code: 2, message: "timeout" } : {},
  });
  const ofService = (service: string, spans: object[]) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeSpans: [{ spans }],
  });
  return {
    resourceSpans: [
      ofService("receiving", [span(["00f067aa0ba902b7", "", "record receipt"], 900)]),
      ofService("erp", [span(["00f067aa0ba902b8", "00f067aa0ba902b7", "post receipt"], 700)]),
    ],
  };
}

interface EventParts {
  id: string;
  source: string;
  type: string;
  atMs: number;
  n: number;
  line: string;
  data?: object;
  traceparent?: string;
}

function toEvent({ id, source, type, atMs, n, line, data, traceparent }: EventParts): object {
  const [order = ""] = line.split("/");
  return {
    specversion: "1.0",
    id,
    source,
    type,
    time: new Date(atMs).toISOString(),
    site: SITES[n % SITES.length],
    ...(traceparent === undefined ? {} : { traceparent }),
    data: {
      objects: [
        { type: "purchase_order_line", id: line },
        { type: "purchase_order", id: order },
      ],
      ...data,
    },
  };
}

function numbered<Item>(count: number, create: (n: number) => Item): Item[] {
  return Array.from({ length: count }, (_, n) => create(n));
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}
