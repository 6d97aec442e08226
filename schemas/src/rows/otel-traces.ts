import { appendBigInt64, appendText, appendUint32 } from "../clickhouse/byte-buffer.ts";
import {
  appendWord,
  createArrayColumn,
  createFixedColumn,
  createMapColumn,
  createTextColumn,
  createWordColumn,
  type MapColumn,
  type TextColumn,
  type WordColumn,
} from "../clickhouse/column.ts";
import { type LogBlock, createLogBlock } from "./log-block.ts";

/** Keys and values one after the other: `["service.name", "till", …]`. */
export type AttributePairs = readonly string[];
export type AttributesColumn = MapColumn<WordColumn, TextColumn>;

/** A row of `otel_traces`. Times are nanoseconds since 1970, ids are hexadecimal in lower case. */
export interface SpanRow {
  timestampNs: bigint;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  traceState: string;
  name: string;
  kind: string;
  serviceName: string;
  resourceAttributes: AttributePairs;
  scopeName: string;
  scopeVersion: string;
  attributes: AttributePairs;
  durationNs: bigint;
  statusCode: string;
  statusMessage: string;
  events: readonly { timestampNs: bigint; name: string; attributes: AttributePairs }[];
  links: readonly { traceId: string; spanId: string; traceState: string; attributes: AttributePairs }[];
}

export function createAttributesColumn(): AttributesColumn {
  return createMapColumn(createWordColumn(), createTextColumn());
}

function createColumns() {
  return {
    Timestamp: createFixedColumn("DateTime64(9)"),
    TraceId: createTextColumn(),
    SpanId: createTextColumn(),
    ParentSpanId: createTextColumn(),
    TraceState: createTextColumn(),
    SpanName: createWordColumn(),
    SpanKind: createWordColumn(),
    ServiceName: createWordColumn(),
    ResourceAttributes: createAttributesColumn(),
    ScopeName: createTextColumn(),
    ScopeVersion: createTextColumn(),
    SpanAttributes: createAttributesColumn(),
    Duration: createFixedColumn("UInt64"),
    StatusCode: createWordColumn(),
    StatusMessage: createTextColumn(),
    "Events.Timestamp": createArrayColumn(createFixedColumn("DateTime64(9)")),
    "Events.Name": createArrayColumn(createWordColumn()),
    "Events.Attributes": createArrayColumn(createAttributesColumn()),
    "Links.TraceId": createArrayColumn(createTextColumn()),
    "Links.SpanId": createArrayColumn(createTextColumn()),
    "Links.TraceState": createArrayColumn(createTextColumn()),
    "Links.Attributes": createArrayColumn(createAttributesColumn()),
  };
}

export type SpanBlock = LogBlock<ReturnType<typeof createColumns>>;

export function createSpanBlock(): SpanBlock {
  return createLogBlock("otel_traces", createColumns());
}

/** Appends a row; it cannot fail half way. */
export function appendSpanRow(block: SpanBlock, row: SpanRow): void {
  const to = block.columns;
  appendBigInt64(to.Timestamp.data, row.timestampNs);
  appendText(to.TraceId.data, row.traceId);
  appendText(to.SpanId.data, row.spanId);
  appendText(to.ParentSpanId.data, row.parentSpanId);
  appendText(to.TraceState.data, row.traceState);
  appendWord(to.SpanName, row.name);
  appendWord(to.SpanKind, row.kind);
  appendWord(to.ServiceName, row.serviceName);
  appendAttributes(to.ResourceAttributes, row.resourceAttributes);
  appendText(to.ScopeName.data, row.scopeName);
  appendText(to.ScopeVersion.data, row.scopeVersion);
  appendAttributes(to.SpanAttributes, row.attributes);
  appendBigInt64(to.Duration.data, row.durationNs);
  appendWord(to.StatusCode, row.statusCode);
  appendText(to.StatusMessage.data, row.statusMessage);
  appendSpanEvents(block, row.events);
  appendSpanLinks(block, row.links);
  block.rows++;
}

/** Appends the pairs as one map. */
export function appendAttributes(column: AttributesColumn, pairs: AttributePairs): void {
  appendUint32(column.sizes, pairs.length / 2);
  for (let at = 0; at < pairs.length; at += 2) {
    appendWord(column.keys, pairs[at] ?? "");
    appendText(column.values.data, pairs[at + 1] ?? "");
  }
}

function appendSpanEvents({ columns }: SpanBlock, events: SpanRow["events"]) {
  const times = columns["Events.Timestamp"];
  const names = columns["Events.Name"];
  const attributes = columns["Events.Attributes"];
  for (const { sizes } of [times, names, attributes]) appendUint32(sizes, events.length);
  for (const event of events) {
    appendBigInt64(times.items.data, event.timestampNs);
    appendWord(names.items, event.name);
    appendAttributes(attributes.items, event.attributes);
  }
}

function appendSpanLinks({ columns }: SpanBlock, links: SpanRow["links"]) {
  const traceIds = columns["Links.TraceId"];
  const spanIds = columns["Links.SpanId"];
  const states = columns["Links.TraceState"];
  const attributes = columns["Links.Attributes"];
  for (const { sizes } of [traceIds, spanIds, states, attributes]) appendUint32(sizes, links.length);
  for (const link of links) {
    appendText(traceIds.items.data, link.traceId);
    appendText(spanIds.items.data, link.spanId);
    appendText(states.items.data, link.traceState);
    appendAttributes(attributes.items, link.attributes);
  }
}
