import { appendBigInt64, appendByte, appendText } from "../clickhouse/byte-buffer.ts";
import { appendWord, createFixedColumn, createTextColumn, createWordColumn } from "../clickhouse/column.ts";
import { type LogBlock, createLogBlock } from "./log-block.ts";
import { type AttributePairs, appendAttributes, createAttributesColumn } from "./otel-traces.ts";

/** A row of `otel_logs`. Ids are hexadecimal in lower case, `""` where the record belongs to no trace. */
export interface LogRow {
  timestampNs: bigint;
  traceId: string;
  spanId: string;
  traceFlags: number;
  severityText: string;
  severityNumber: number;
  serviceName: string;
  body: string;
  resourceSchemaUrl: string;
  resourceAttributes: AttributePairs;
  scopeSchemaUrl: string;
  scopeName: string;
  scopeVersion: string;
  scopeAttributes: AttributePairs;
  attributes: AttributePairs;
  eventName: string;
}

function createColumns() {
  return {
    Timestamp: createFixedColumn("DateTime64(9)"),
    TraceId: createTextColumn(),
    SpanId: createTextColumn(),
    TraceFlags: createFixedColumn("UInt8"),
    SeverityText: createWordColumn(),
    SeverityNumber: createFixedColumn("UInt8"),
    ServiceName: createWordColumn(),
    Body: createTextColumn(),
    ResourceSchemaUrl: createWordColumn(),
    ResourceAttributes: createAttributesColumn(),
    ScopeSchemaUrl: createWordColumn(),
    ScopeName: createTextColumn(),
    ScopeVersion: createWordColumn(),
    ScopeAttributes: createAttributesColumn(),
    LogAttributes: createAttributesColumn(),
    EventName: createTextColumn(),
  };
}

export type LogRecordBlock = LogBlock<ReturnType<typeof createColumns>>;

export function createLogRecordBlock(): LogRecordBlock {
  return createLogBlock("otel_logs", createColumns());
}

/** Appends a row; it cannot fail half way. */
export function appendLogRow(block: LogRecordBlock, row: LogRow): void {
  const to = block.columns;
  appendBigInt64(to.Timestamp.data, row.timestampNs);
  appendText(to.TraceId.data, row.traceId);
  appendText(to.SpanId.data, row.spanId);
  appendByte(to.TraceFlags.data, row.traceFlags);
  appendWord(to.SeverityText, row.severityText);
  appendByte(to.SeverityNumber.data, row.severityNumber);
  appendWord(to.ServiceName, row.serviceName);
  appendText(to.Body.data, row.body);
  appendWord(to.ResourceSchemaUrl, row.resourceSchemaUrl);
  appendAttributes(to.ResourceAttributes, row.resourceAttributes);
  appendWord(to.ScopeSchemaUrl, row.scopeSchemaUrl);
  appendText(to.ScopeName.data, row.scopeName);
  appendWord(to.ScopeVersion, row.scopeVersion);
  appendAttributes(to.ScopeAttributes, row.scopeAttributes);
  appendAttributes(to.LogAttributes, row.attributes);
  appendText(to.EventName.data, row.eventName);
  block.rows++;
}
