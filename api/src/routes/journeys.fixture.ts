import { appendVerdicts, at, type EventSketch, toEvent } from "../rows.fixture.ts";
import type { Tower } from "../tower.fixture.ts";

export const LINE = "4500012345/10";
export const HOSTILE = "a'b\\c\"{key:String}%_/?#\u2028é💊 --";
export const TRACE = "0af7651916cd43dd8448eb211c80319c";
export const HIDDEN_TRACE = "ffffffffffffffffffffffffffffffff";

const line = ["purchase_order_line", LINE] as const;
const sibling = ["purchase_order_line", "4500012345/20"] as const;
const order = ["purchase_order", "4500012345"] as const;
const invoice = ["invoice", "ACME/INV-7"] as const;

const EVENTS: EventSketch[] = [
  { position: 1, id: "issued", objects: [line, sibling, order, ["supplier", "ACME"]] },
  { position: 2, id: "issued", objects: [line, sibling, order, ["supplier", "ACME"]], minute: 1 },
  {
    position: 3,
    id: "received",
    type: "erp.goods_receipt.posted",
    objects: [line, ["lot", "L-77"]],
    traceId: TRACE,
  },
  {
    position: 4,
    id: "received",
    type: "erp.goods_receipt.posted",
    objects: [line],
    revision: 1,
    digest: "c",
    site: "north",
  },
  { position: 5, id: "invoiced", type: "erp.invoice.received", objects: [line, invoice], impreciseMs: 86_399_999 },
  { position: 6, id: "paid", type: "erp.payment.cleared", objects: [invoice, ["payment", "P1"]], outcome: "ok" },
  { position: 7, id: "cleared", type: "erp.payment.cleared", objects: [["payment", "P1"]], outcome: "failed" },
  { position: 8, id: "other", type: "erp.goods_receipt.posted", objects: [sibling] },
  { position: 9, id: "twice", objects: [["lot", "L-77"]], digest: "b" },
  { position: 10, id: "twice", objects: [["lot", "L-77"]], digest: "a" },
  { position: 11, id: "south", objects: [line], site: "south", minute: 90 },
  { position: 12, id: "hostile", objects: [["lot", HOSTILE]], attributes: { [`k`]: HOSTILE } },
  {
    position: 13,
    id: "first",
    type: "erp.invoice.received",
    objects: [
      ["purchase_order_line", "9/10"],
      ["invoice", "I-1"],
    ],
  },
  {
    position: 14,
    id: "second",
    type: "erp.invoice.received",
    objects: [
      ["purchase_order_line", "9/10"],
      ["invoice", "I-2"],
    ],
  },
  { position: 15, id: "ordered", objects: [["purchase_order_line", "9/10"]] },
  { position: 16, id: "corrected", objects: [["lot", "WRONG"]] },
  { position: 17, id: "corrected", objects: [["lot", "RIGHT"]], revision: 1, digest: "d" },
];

/** Order lines with invoices, payments, lots and spans at two sites; repetitions, revisions and conflicts among them. */
export async function fillWithJourneys(tower: Tower) {
  await tower.insert("events", EVENTS.map(toEvent));
  await tower.insert("object_links", [
    toLink(order, line),
    toLink(invoice, line),
    toLink(["payment", "P1"], invoice),
    toLink(["invoice", "I-1"], ["purchase_order_line", "9/10"]),
  ]);
  await tower.insert("contested_identities", [
    toContest("received", { revision: 1, digest: "c", isConflict: false }),
    toContest("corrected", { revision: 1, digest: "d", isConflict: false }),
    toContest("twice", { revision: 0, digest: "a", isConflict: true }),
  ]);
  const current = new Map();
  await appendVerdicts(tower, current, [{ id: LINE, batch: 1, verdict: "OPEN", minute: 1 }]);
  await appendVerdicts(tower, current, [{ id: LINE, batch: 2, verdict: "MET", minute: 4 }]);
  await tower.insert("otel_traces", listSpans());
}

function toContest(
  id: string,
  { revision, digest, isConflict }: { revision: number; digest: string; isConflict: boolean },
) {
  const where = { site: "north", domain: "procurement", detected_at: at(9) };
  return { source: "/erp", id, batch: 1, revision, digest, is_conflict: isConflict ? 1 : 0, ...where };
}

function listSpans() {
  return [
    span("b", {
      parent: "a",
      startMs: 5,
      durationMs: 10,
      attributes: { "throughline.object.purchase_order_line": LINE },
    }),
    span("a", { parent: "", startMs: 0, durationMs: 50, attributes: {} }),
    span("c", { parent: "a", startMs: 20, durationMs: 5, attributes: { "throughline.site": "south" } }),
    span("d", {
      parent: "lost",
      startMs: 30,
      durationMs: 5,
      attributes: { "throughline.object.lot": '["L-77","L-78"]', "throughline.site": "south" },
    }),
    { ...span("e", { parent: "", startMs: 0, durationMs: 1, attributes: {} }), TraceId: HIDDEN_TRACE },
  ];
}

function toLink([toType, toId]: readonly [string, string], [fromType, fromId]: readonly [string, string]) {
  const ends = { to_type: toType, to_id: toId, from_type: fromType, from_id: fromId };
  return { ...ends, batch: 1, site: "north", domain: "procurement" };
}

function span(
  id: string,
  of: { parent: string; startMs: number; durationMs: number; attributes: Record<string, string> },
) {
  return {
    Timestamp: `${at(0).slice(0, 19).replace("T", " ")}.${String(of.startMs * 1_000_000).padStart(9, "0")}`,
    TraceId: TRACE,
    SpanId: id.repeat(16),
    ParentSpanId: of.parent === "" ? "" : of.parent.repeat(16).slice(0, 16),
    SpanName: `span ${id}`,
    SpanKind: "Internal",
    ServiceName: "erp",
    SpanAttributes: of.attributes,
    ResourceAttributes: { "service.name": "erp" },
    Duration: of.durationMs * 1_000_000,
    StatusCode: id === "c" ? "Error" : "Unset",
  };
}
