import type { ClickHouseClient } from "@clickhouse/client";
import type { LoadReport } from "./load-order.ts";

/** Something that must hold after a campaign; `finding` says what was found instead, `""` when it holds. */
export interface Check {
  name: string;
  finding: string;
}

/** One row each. A lost or doubled row changes at least one of their figures. */
const FIGURES = {
  events:
    "SELECT count() AS rows, uniqExact(position) AS places, uniqExact(id) AS ids, sum(length(object_ids)) AS objects FROM events",
  object_events: "SELECT count() AS rows, uniqExact(object_type, object_id, position) AS places FROM object_events",
  event_identities:
    "SELECT count() AS rows, uniqExact(identity) AS ids, uniqExact(position) AS places FROM event_identities",
  otel_traces: "SELECT count() AS rows, uniqExact(SpanId) AS ids FROM otel_traces",
  otel_traces_trace_id_ts: "SELECT count() AS rows, uniqExact(TraceId) AS ids FROM otel_traces_trace_id_ts",
  object_spans: "SELECT count() AS rows, uniqExact(object_id) AS ids FROM object_spans",
  commits: `SELECT count() AS rows, uniqExact(batch) AS batches, max(batch) AS last_batch, min(first_position) AS first,
    max(last_position) AS last, sum(last_position - first_position + 1) AS places, sum(events) AS events, sum(spans) AS spans FROM commits`,
  gaps: `SELECT count() AS gaps FROM
    (SELECT first_position, lagInFrame(toInt64(last_position), 1, toInt64(first_position) - 1) OVER (ORDER BY batch) AS before FROM commits)
    WHERE first_position != before + 1`,
};

type FigureName = keyof typeof FIGURES;
type Figures = Partial<Record<string, Record<string, number>>>;
type Reader = (sql: string) => Promise<Record<string, number>[]>;

/** Compares what was acknowledged with what the store holds. */
export async function verifyStore(client: ClickHouseClient, report: LoadReport): Promise<Check[]> {
  const read: Reader = async (sql) => {
    const clickhouse_settings = { output_format_json_quote_64bit_integers: 0 as const };
    const result = await client.query({ query: sql, format: "JSONEachRow", clickhouse_settings });
    return result.json<Record<string, number>>();
  };
  const figures: Figures = {};
  for (const [name, sql] of Object.entries(FIGURES)) figures[name] = (await read(sql))[0] ?? {};
  const events = await read("SELECT toUInt64(id) AS number, count() AS copies FROM events GROUP BY id");
  const spans = await read(
    "SELECT reinterpretAsUInt64(reverse(unhex(SpanId))) AS number, count() AS copies FROM otel_traces GROUP BY SpanId",
  );
  return [
    toAcknowledgedCheck("event", report.events, events),
    toAcknowledgedCheck("span", report.spans, spans),
    ...toFigureChecks(figures),
  ];
}

function toAcknowledgedCheck(
  what: string,
  sent: LoadReport["events"],
  stored: readonly Record<string, number>[],
): Check {
  const copies = new Map(stored.map((row) => [row["number"], row["copies"]]));
  let acknowledged = 0;
  const wrong: string[] = [];
  for (const { first, count } of sent) {
    for (let number = first; number < first + count; number++) {
      acknowledged++;
      if (copies.get(number) !== 1) wrong.push(`${number} is there ${copies.get(number) ?? 0} times`);
    }
  }
  const finding = wrong.length === 0 ? "" : `${wrong.length} are not: ${wrong.slice(0, 3).join(", ")}`;
  return { name: `each of ${acknowledged} acknowledged ${what}s is stored exactly once`, finding };
}

function toFigureChecks(figures: Figures): Check[] {
  const get = (table: FigureName, figure: string) => figures[table]?.[figure] ?? Number.NaN;
  const rows = (table: FigureName) => get(table, "rows");
  const same = (name: string, ...values: number[]): Check => ({
    name: `${name} (${values[0]})`,
    finding: values.every((value) => value === values[0]) ? "" : `found ${values.join(", ")}`,
  });
  return [
    same("no event is stored twice", rows("events"), get("events", "places"), get("events", "ids")),
    same(
      "each object of each event is indexed once",
      get("events", "objects"),
      rows("object_events"),
      get("object_events", "places"),
    ),
    same(
      "each event's identity is kept once",
      rows("events"),
      ...["rows", "ids", "places"].map((figure) => get("event_identities", figure)),
    ),
    same("no span is stored twice", rows("otel_traces"), get("otel_traces", "ids")),
    same(
      "each trace's time is kept once",
      rows("otel_traces"),
      ...["rows", "ids"].map((figure) => get("otel_traces_trace_id_ts", figure)),
    ),
    same(
      "each object of each span is indexed once",
      rows("otel_traces"),
      ...["rows", "ids"].map((figure) => get("object_spans", figure)),
    ),
    same(
      "each batch is committed once, without a gap",
      rows("commits"),
      get("commits", "batches"),
      get("commits", "last_batch"),
    ),
    same("batches follow one another", 0, get("gaps", "gaps")),
    same(
      "batches hold every position once",
      get("commits", "places"),
      get("commits", "last") - get("commits", "first") + 1,
    ),
    same("commits count the events that are stored", get("commits", "events"), rows("events")),
    same("commits count the spans that are stored", get("commits", "spans"), rows("otel_traces")),
  ];
}
