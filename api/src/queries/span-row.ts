import { z } from "zod";

const texts = z.record(z.string(), z.string());

/** The columns that a span is read from; 64-bit numbers as text. */
export const SPAN_COLUMNS = `TraceId AS trace_id, SpanId AS span_id, ParentSpanId AS parent_span_id, SpanName AS name, SpanKind AS kind,
  ServiceName AS service, toString(toUnixTimestamp64Nano(Timestamp)) AS start_ns, toString(Duration) AS duration_ns,
  StatusCode AS status, StatusMessage AS status_message, SpanAttributes AS attributes, ResourceAttributes AS resource,
  arrayMap(at -> toString(toUnixTimestamp64Nano(at)), \`Events.Timestamp\`) AS event_times_ns, \`Events.Name\` AS event_names,
  \`Events.Attributes\` AS event_attributes`;

export const spanRow = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string(),
  name: z.string(),
  kind: z.string(),
  service: z.string(),
  start_ns: z.string(),
  duration_ns: z.string(),
  status: z.string(),
  status_message: z.string(),
  attributes: texts,
  resource: texts,
  event_times_ns: z.array(z.string()),
  event_names: z.array(z.string()),
  event_attributes: z.array(texts),
});

export type SpanRow = z.infer<typeof spanRow>;
