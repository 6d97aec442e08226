import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";

/** True when anything was ever matched that the asker may see. */
export async function hasAnyMatch(reader: StoreReader, asker: Asker): Promise<boolean> {
  const rows = await reader.ask(asker, {
    caller: "has-any-match",
    sql: "SELECT 1 AS found FROM match_rollups LIMIT 1",
    values: {},
    row: z.object({ found: z.int() }),
  });
  return rows.length > 0;
}
