import { instant } from "@throughline/schemas/text";
import { TupleParam } from "@clickhouse/client";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toChunks } from "./chunks.ts";
import type { ObjectKey } from "./list-events-of-objects.ts";

const MAX_EVENTS = 20_000;

const row = z.object({
  type: z.string(),
  time: instant,
  objects: z.array(z.tuple([z.string(), z.string()])),
  measures: z.array(z.tuple([z.string(), z.string(), z.string()])),
  scheduled_on: z.string(),
  requested_on: z.string(),
  promised_on: z.string(),
  expected_on: z.string(),
  line_status: z.string(),
});

/** What an event says of the way of an item to its shelf: objects by type and id, measures by name, value and unit. */
export type SupplyEvent = z.infer<typeof row>;

/**
 * The events of some types that name any of the objects, each identity once, the earliest first. What failed, and tests and
 * trainings, are left out; a refused order line is not.
 */
export async function listSupplyEvents(
  reader: StoreReader,
  asker: Asker,
  { objects, types }: { objects: readonly ObjectKey[]; types: readonly string[] },
): Promise<SupplyEvent[]> {
  const text = (name: string) => `JSONExtractString(attributes, '${name}') AS ${name}`;
  const answers = await Promise.all(
    toChunks(objects, ({ type, id }) => type.length + id.length).map((chunk) =>
      reader.ask(asker, {
        caller: "list-supply-events",
        sql: `SELECT type, time, arrayZip(object_types, object_ids) AS objects,
            arrayZip(measure_names, measure_values, measure_units) AS measures, ${text("scheduled_on")},
            ${text("requested_on")}, ${text("promised_on")}, ${text("expected_on")}, ${text("line_status")}
          FROM (
            SELECT type, time, object_types, object_ids, measure_names, measure_values, measure_units, attributes, outcome FROM events
            WHERE (log, position) IN (
              SELECT log, position FROM object_events
              WHERE (object_type, object_id) IN {objects: Array(Tuple(String, String))}
            ) AND type IN {types: Array(String)}
            ORDER BY source, id, revision DESC, digest LIMIT 1 BY source, id
          )
          WHERE outcome != 'failed' AND JSONExtractString(attributes, 'usage') NOT IN ('test', 'training')
          ORDER BY time, type, objects LIMIT ${MAX_EVENTS}`,
        values: { types, objects: chunk.map(({ type, id }) => new TupleParam([type, id])) },
        row,
      }),
    ),
  );
  return answers.flat();
}
