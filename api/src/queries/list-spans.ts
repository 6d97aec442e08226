import { EVERYTHING, type Scope } from "@throughline/schemas/clickhouse/scope";
import { isUnscoped } from "@throughline/schemas/access";
import { z } from "zod";
import { toStoreTime, whereGiven } from "./conditions.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { SPAN_COLUMNS, type SpanRow, spanRow } from "./span-row.ts";

const visibleRow = z.object({ trace_id: z.string() });
const SITE = `if(SpanAttributes['throughline.site'] != '', SpanAttributes['throughline.site'], ResourceAttributes['throughline.site'])`;

/**
 * Spans of the traces by start, at most `limit`. The bounds have the type of the column: against whole seconds the engine
 * leaves out the last second of what it should read. Spans have no site column and no row policy, so that for readers with a
 * scope the site that a span names decides, within traces that are known to concern something that they may see.
 */
export async function listSpans(
  reader: StoreReader,
  asker: Asker,
  { traceIds, limit, asOf }: { traceIds: readonly string[]; limit: number; asOf?: string | undefined },
): Promise<SpanRow[]> {
  const visible = isUnscoped(asker.scope) ? traceIds : await listVisibleTraces(reader, asker, traceIds);
  if (visible.length === 0) return [];
  const { sites } = asker.scope;
  const begun = whereGiven(
    { asOf: "Timestamp <= toDateTime64({asOf: DateTime64(3, 'UTC')}, 9)" },
    { asOf: asOf && toStoreTime(asOf) },
  );
  return reader.ask(
    { ...asker, scope: EVERYTHING },
    {
      caller: "list-spans",
      sql: `SELECT ${SPAN_COLUMNS}
        FROM otel_traces
        WHERE TraceId IN {traceIds: Array(String)}
          AND Timestamp >= (SELECT toDateTime64(min(Start), 9) FROM otel_traces_trace_id_ts WHERE TraceId IN {traceIds: Array(String)})
          AND Timestamp < (SELECT toDateTime64(max(End) + 1, 9) FROM otel_traces_trace_id_ts WHERE TraceId IN {traceIds: Array(String)})
          AND ${begun.sql}
          ${sites === "*" ? "" : `AND has({sites: Array(String)}, ${SITE})`}
        ORDER BY Timestamp, SpanId
        LIMIT 1 BY TraceId, SpanId
        LIMIT {limit: UInt32}`,
      values: { traceIds: visible, limit, ...begun.values, ...(sites !== "*" && { sites }) },
      row: spanRow,
    },
  );
}

/** Which of the traces concern an object or carry an event within the scope; objects of spans know no domain. */
async function listVisibleTraces(reader: StoreReader, asker: Asker, traceIds: readonly string[]): Promise<string[]> {
  const rows = await reader.ask(asker, {
    caller: "list-visible-traces",
    sql: `SELECT DISTINCT trace_id FROM (
        SELECT trace_id FROM events WHERE trace_id IN {traceIds: Array(String)}
        ${hasAllDomains(asker.scope) ? "UNION ALL SELECT trace_id FROM object_spans WHERE trace_id IN {traceIds: Array(String)}" : ""}
      ) LIMIT 1000`,
    values: { traceIds },
    row: visibleRow,
  });
  return rows.map((row) => row.trace_id);
}

function hasAllDomains(scope: Scope): boolean {
  return scope.domains === "*";
}
