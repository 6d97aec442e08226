import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { isInScope, isUnscoped } from "@throughline/schemas/access";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { whereArrived } from "./conditions.ts";
import type { ObjectKey } from "./list-events-of-objects.ts";

const MAX_STEPS = 500;

const stepRow = z.object({ time: instant, site: z.string(), domain: z.string() });

/** When an object's steps outside of the reader's scope happened, oldest first, and nothing else of them. */
export async function listForeignSteps(
  reader: StoreReader,
  { scope, signal }: Asker,
  { object, asOf }: { object: ObjectKey; asOf: string | undefined },
): Promise<{ at: string }[]> {
  if (isUnscoped(scope)) return [];
  const arrived = whereArrived(asOf);
  const rows = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-foreign-steps",
      sql: `SELECT DISTINCT time, site, domain FROM events
        WHERE (log, position) IN (
          SELECT log, position FROM object_events WHERE object_type = {type: String} AND object_id = {id: String}
        ) AND ${arrived.sql}
        ORDER BY time LIMIT ${MAX_STEPS}`,
      values: { type: object.type, id: object.id, ...arrived.values },
      row: stepRow,
    },
  );
  return rows.filter((row) => !isInScope(scope, row)).map(({ time }) => ({ at: time }));
}
