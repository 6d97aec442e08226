import { TupleParam } from "@clickhouse/client";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime, whereGiven } from "./conditions.ts";
import type { ObjectKey } from "./list-events-of-objects.ts";

const MAX_ROWS = 1000;

/** A link is known with the step that noted it. */
const KNOWN = `batch <= (
  SELECT max(batch) FROM projection_steps WHERE projector = 'legs' AND phase = 'commit' AND now <= {asOf: DateTime64(3, 'UTC')}
)`;

const linkRow = z.object({ to_type: z.string(), to_id: z.string(), from_type: z.string(), from_id: z.string() });

/** A link between two objects; `from` is nearer to the anchor of a flow. */
export interface ObjectLink {
  from: ObjectKey;
  to: ObjectKey;
}

/** The links that lead from the objects towards anchors. At most 50 objects are asked for, 1,000 links answered. */
export async function listParents(
  reader: StoreReader,
  asker: Asker,
  { objects, asOf }: { objects: readonly ObjectKey[]; asOf: string | undefined },
): Promise<ObjectLink[]> {
  if (objects.length === 0) return [];
  const known = whereGiven({ asOf: KNOWN }, { asOf: asOf && toStoreTime(asOf) });
  const rows = await reader.ask(asker, {
    caller: "list-parents",
    sql: `SELECT DISTINCT to_type, to_id, from_type, from_id
      FROM object_links
      WHERE (to_type, to_id) IN {objects: Array(Tuple(String, String))} AND ${known.sql}
      ORDER BY to_type, to_id, from_type, from_id
      LIMIT ${MAX_ROWS}`,
    values: { objects: objects.map(({ type, id }) => new TupleParam([type, id])), ...known.values },
    row: linkRow,
  });
  return rows.map((row) => ({
    from: { type: row.from_type, id: row.from_id },
    to: { type: row.to_type, id: row.to_id },
  }));
}
