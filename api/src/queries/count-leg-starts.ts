import { IS_UNSEEN } from "../blindness/shown-verdict.ts";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { verdict } from "@throughline/schemas/leg";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type LegSelection, selectNewestLegs } from "./newest-legs.ts";

const TIMEOUT_SECONDS = 15;
const MAX_ROWS = 100_000;

const startRow = z.object({ site: z.string(), started_hour: z.int(), verdict, legs: z.int(), unseen: z.int() });
export type LegStartRow = z.infer<typeof startRow>;

/** How many legs began at which hour of the day of a zone, by site and verdict. Legs without a start are left out. */
export async function countLegStarts(
  reader: StoreReader,
  asker: Asker,
  { zone, ...selection }: LegSelection & { range: TimeRange; zone: string },
): Promise<LegStartRow[]> {
  const newest = selectNewestLegs(["verdict", "site", "supplier", "started_at", "dated_at"], selection, asker.scope);
  return reader.ask(
    { scope: EVERYTHING, ...(asker.signal && { signal: asker.signal }) },
    {
      caller: "count-leg-starts",
      sql: `SELECT site, toHour(assumeNotNull(started_at), {zone: String}) AS started_hour, verdict, count() AS legs, countIf(${IS_UNSEEN}) AS unseen
        FROM (${newest.sql})
        WHERE isNotNull(started_at)
        GROUP BY site, started_hour, verdict
        ORDER BY site, started_hour, verdict
        LIMIT ${MAX_ROWS}`,
      values: { ...newest.values, zone },
      row: startRow,
      timeoutSeconds: TIMEOUT_SECONDS,
    },
  );
}
