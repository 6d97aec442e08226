import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";

/** Up to where each log is taken: the first position that does not belong to it any more. */
export type Cursors = Readonly<Record<string, number>>;

const MAX_SHARDS = 1000;
const stepRow = z.object({ body: z.string() });
const stepBody = z.object({ cursors: z.record(z.string(), z.object({ nextPosition: z.number() })) });

/**
 * Up to where a projector has evaluated the events: what every shard of it has committed. Nothing in front of it can still
 * become visible. Read without a scope.
 */
export async function findArrivalWatermark(
  reader: StoreReader,
  { signal }: Asker,
  projector: string,
): Promise<Cursors> {
  const rows = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "find-arrival-watermark",
      sql: `SELECT argMax(body, batch) AS body FROM projection_steps
        WHERE projector = {projector: String} AND phase = 'commit' GROUP BY shard LIMIT ${MAX_SHARDS}`,
      values: { projector },
      row: stepRow,
    },
  );
  const bodies = rows.map(({ body }) => stepBody.parse(JSON.parse(body)).cursors);
  const logs = new Set(bodies.flatMap((cursors) => Object.keys(cursors)));
  return Object.fromEntries(
    [...logs].toSorted().map((log) => [log, Math.min(...bodies.map((cursors) => cursors[log]?.nextPosition ?? 0))]),
  );
}

/** When the last event before a watermark arrived; null where there is none. */
export async function findLastArrival(reader: StoreReader, { signal }: Asker, cursors: Cursors) {
  const logs = Object.keys(cursors);
  const [row] = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "find-last-arrival",
      sql: `SELECT maxOrNull(arrived_at) AS last FROM events
        WHERE (log, position) IN (SELECT arrayJoin(arrayZip({logs: Array(String)}, {positions: Array(UInt64)}))) LIMIT 1`,
      values: { logs, positions: logs.map((log) => Math.max(0, (cursors[log] ?? 0) - 1)) },
      row: z.object({ last: instant.nullable() }),
    },
  );
  return row?.last ?? null;
}
