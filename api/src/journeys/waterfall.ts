import type { Span } from "../contract/trace.ts";
import type { SpanRow } from "../queries/span-row.ts";

const OBJECT_PREFIX = "throughline.object.";
const BILLION = 1_000_000_000n;
const STATUSES: Readonly<Record<string, Span["status"]>> = { Ok: "ok", Error: "error" };

/** Spans in the order of a waterfall: trace by trace, each span before its children, brothers by their start. */
export function toWaterfall(rows: readonly SpanRow[]): Span[] {
  const traces = Map.groupBy(rows, (row) => row.trace_id);
  return [...traces.values()].flatMap(orderTrace);
}

function orderTrace(rows: readonly SpanRow[]): Span[] {
  const known = new Set(rows.map((row) => row.span_id));
  const sorted = rows.toSorted((a, b) => compareStart(a, b));
  const startNs = BigInt(sorted[0]?.start_ns ?? "0");
  const children = Map.groupBy(sorted, (row) =>
    known.has(row.parent_span_id) && row.parent_span_id !== row.span_id ? row.parent_span_id : "",
  );
  const placed = new Set<string>();
  const ordered: Span[] = [];
  // Spans that name each other as parents would never be reached from a root, so what is left over starts anew.
  for (const root of [...(children.get("") ?? []), ...sorted]) {
    const open = [{ row: root, depth: 0 }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { row, depth } = next;
      if (placed.has(row.span_id)) continue;
      placed.add(row.span_id);
      ordered.push(toSpan(row, { depth, startNs }));
      open.push(...(children.get(row.span_id) ?? []).toReversed().map((child) => ({ row: child, depth: depth + 1 })));
    }
  }
  return ordered;
}

function toSpan(row: SpanRow, { depth, startNs }: { depth: number; startNs: bigint }): Span {
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    parentSpanId: row.parent_span_id === "" ? null : row.parent_span_id,
    depth,
    name: row.name,
    kind: row.kind,
    service: row.service,
    startedAt: toNanoInstant(row.start_ns),
    offsetNs: Number(BigInt(row.start_ns) - startNs),
    durationNs: Number(row.duration_ns),
    status: STATUSES[row.status] ?? "unset",
    statusMessage: row.status_message,
    attributes: row.attributes,
    resource: row.resource,
    events: row.event_names.map((name, index) => ({
      at: toNanoInstant(row.event_times_ns[index] ?? row.start_ns),
      name,
      attributes: row.event_attributes[index] ?? {},
    })),
    objects: listObjects(row.attributes),
  };
}

/** RFC 3339 in UTC with nine digits of a second. */
export function toNanoInstant(ns: string): string {
  const value = BigInt(ns);
  const nanos = ((value % BILLION) + BILLION) % BILLION;
  const seconds = Number((value - nanos) / BILLION);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(nanos).padStart(9, "0")}Z`;
}

function listObjects(attributes: Readonly<Record<string, string>>): Span["objects"] {
  return Object.entries(attributes)
    .filter(([name]) => name.startsWith(OBJECT_PREFIX))
    .flatMap(([name, value]) => parseIds(value).map((id) => ({ type: name.slice(OBJECT_PREFIX.length), id })));
}

/** An attribute holds one id, or a JSON array of them. */
function parseIds(value: string): string[] {
  if (!value.startsWith("[")) return [value];
  try {
    const ids: unknown = JSON.parse(value);
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [value];
  } catch {
    return [value];
  }
}

function compareStart(a: SpanRow, b: SpanRow): number {
  const difference = BigInt(a.start_ns) - BigInt(b.start_ns);
  return difference < 0n ? -1 : difference > 0n ? 1 : a.span_id < b.span_id ? -1 : 1;
}
