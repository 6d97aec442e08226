import { TupleParam } from "@clickhouse/client";
import type { Asker, StoreReader } from "./ask.ts";
import { toChunks } from "./chunks.ts";
import { whereArrived } from "./conditions.ts";
import { EVENT_COLUMNS, type EventRow, eventRow } from "./event-row.ts";

const MAX_ROWS = 2000;

/**
 * All events of those identities that came with more than one revision or content: the one that counts may name other
 * objects than the one that was found. At most 2,000 for each question that the identities fit into.
 */
export async function listContestedEvents(
  reader: StoreReader,
  asker: Asker,
  { identities, asOf }: { identities: readonly { source: string; id: string }[]; asOf: string | undefined },
): Promise<EventRow[]> {
  const arrived = whereArrived(asOf);
  const distinct = new Map(identities.map(({ source, id }) => [JSON.stringify([source, id]), { source, id }]));
  const answers = await Promise.all(
    toChunks([...distinct.values()], ({ source, id }) => source.length + id.length).map((chunk) =>
      reader.ask(asker, {
        caller: "list-contested-events",
        sql: `SELECT ${EVENT_COLUMNS}
          FROM events
          WHERE (log, position) IN (
            SELECT log, position FROM event_identities WHERE identity IN (
              SELECT sipHash64(source, id) FROM contested_identities WHERE (source, id) IN {identities: Array(Tuple(String, String))}
            )
          ) AND ${arrived.sql}
          ORDER BY time, log, position
          LIMIT ${MAX_ROWS}`,
        values: { identities: chunk.map(({ source, id }) => new TupleParam([source, id])), ...arrived.values },
        row: eventRow,
      }),
    ),
  );
  return answers.flat();
}
