import { TupleParam } from "@clickhouse/client";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import type { ObjectKey } from "./list-events-of-objects.ts";

const MAX_TRACES = 200;

const traceRow = z.object({ trace_id: z.string() });

/** The traces whose spans name any of the objects, newest first; at most 200. */
export async function listTracesOfObjects(
  reader: StoreReader,
  asker: Asker,
  objects: readonly ObjectKey[],
): Promise<string[]> {
  if (objects.length === 0 || asker.scope.domains !== "*") return [];
  const rows = await reader.ask(asker, {
    caller: "list-traces-of-objects",
    sql: `SELECT trace_id FROM object_spans
      WHERE (object_type, object_id) IN {objects: Array(Tuple(String, String))}
      GROUP BY trace_id
      ORDER BY max(time) DESC, trace_id
      LIMIT ${MAX_TRACES}`,
    values: { objects: objects.map(({ type, id }) => new TupleParam([type, id])) },
    row: traceRow,
  });
  return rows.map((row) => row.trace_id);
}
