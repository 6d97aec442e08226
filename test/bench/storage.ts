import { type BenchContext, type Figure, readNumber } from "./harness.ts";
import {
  type BenchTower,
  readCommitted,
  readProjected,
  readReconciled,
  startBenchProjections,
  startBenchTower,
  waitUntil,
} from "./tower.ts";

const SPAN_TABLES = new Set(["otel_traces", "otel_traces_trace_id_ts", "object_spans"]);
const BATCH = 1000;

/** What events, with all that is derived from them, and spans take on disk when parts are merged. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const wanted = { events: readNumber(context, "events", 1_000_000), spans: readNumber(context, "spans", 500_000) };
  const tower = await startBenchTower(context);
  const projections = await startBenchProjections(context, tower.engine);
  const events = await fill(context, tower, { kind: "events", count: wanted.events });
  const spans = await fill(context, tower, { kind: "spans", count: wanted.spans });
  context.say("Waiting until all is stored and projected");
  await waitUntil(async () => {
    const committed = await readCommitted(tower.client);
    return committed.events >= events && committed.spans >= spans;
  });
  if (projections !== undefined) await waitUntil(async () => (await readProjected(tower.client)) >= events);
  if (projections?.reconciler !== undefined)
    await waitUntil(async () => (await readReconciled(tower.client)) >= events);
  context.say("Merging");
  const sizes = await mergeAndMeasure(tower);
  const sum = (isWanted: (table: string) => boolean) =>
    [...sizes].filter(([table]) => isWanted(table)).reduce((total, [, bytes]) => total + bytes, 0);
  const isOfSpans = (table: string) => SPAN_TABLES.has(table);
  return [
    {
      name: "bytes per business event, all tables",
      value: sum((table) => !isOfSpans(table)) / events,
      unit: "B",
      must: 220,
      aim: 140,
      higherIsBetter: false,
    },
    {
      name: "bytes per span, all tables",
      value: sum(isOfSpans) / spans,
      unit: "B",
      must: 100,
      aim: 75,
      higherIsBetter: false,
    },
    ...[...sizes].map(([table, bytes]): Figure => {
      const count = isOfSpans(table) ? spans : events;
      return { name: `  of which ${table}`, value: bytes / count, unit: "B", higherIsBetter: false };
    }),
  ];
}

/** Sends about so many entries; returns how many were acknowledged. */
async function fill(
  context: BenchContext,
  tower: BenchTower,
  what: { kind: "events" | "spans"; count: number },
): Promise<number> {
  let accepted = 0;
  let first = 0;
  while (accepted < what.count) {
    const seconds = Math.max(1, (what.count - accepted) / 40_000);
    const sent = await tower.load({ kind: what.kind, connections: 2, batch: BATCH, seed: first + 1, first, seconds });
    accepted += sent.accepted;
    first = sent.next;
    context.say(`${accepted} of ${what.count} ${what.kind}`);
  }
  return accepted;
}

/** Bytes on disk of each table, in one part each as far as the engine makes them. */
async function mergeAndMeasure({ client }: BenchTower): Promise<Map<string, number>> {
  const read = async <T>(query: string) => (await client.query({ query, format: "JSONEachRow" })).json<T>();
  const tables = await read<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
  );
  for (const { name } of tables) await client.command({ query: `OPTIMIZE TABLE ${name} FINAL` });
  const rows = await read<{ table: string; bytes: string }>(
    "SELECT table, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table ORDER BY sum(bytes_on_disk) DESC LIMIT 100",
  );
  return new Map(rows.map(({ table, bytes }) => [table, Number(bytes)]));
}
