import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreSecond } from "./conditions.ts";
import { toEventTraffic, type TrafficSpan } from "./traffic-then.ts";

/** Most kinds of traffic that are told apart. */
export const MAX_TRAFFIC_ROWS = 50_000;

const kind = { source: z.string(), type: z.string(), dataschema_version: z.string(), attribute_version: z.string() };
const seen = { first_seen: instant, last_seen: instant };

const eventTrafficRow = z.object({ ...kind, ...seen, events: z.int() });
export type EventTrafficRow = z.infer<typeof eventTrafficRow>;

/**
 * What each source ever sent of each type and version, with when it was seen first and last over all time, and how many
 * events of it lie in the range; as of a moment, of what had arrived by then.
 */
export async function listEventTraffic(
  reader: StoreReader,
  asker: Asker,
  { range: { from, to }, moment }: TrafficSpan,
): Promise<EventTrafficRow[]> {
  const traffic = toEventTraffic(moment);
  return reader.ask(asker, {
    caller: "list-event-traffic",
    sql: `SELECT source, type, dataschema_version, attribute_version, min(versions.first_at) AS first_seen,
        max(versions.last_at) AS last_seen, any(counted.events) AS events
      FROM ${moment === undefined ? "event_versions" : traffic.sql} AS versions
      LEFT JOIN (
        SELECT source, type, dataschema_version, attribute_version, sum(own) AS events
        FROM (
          SELECT source, type, dataschema_version, attribute_version, uniqMerge(hourly.events) AS own
          FROM ${traffic.sql} AS hourly
          WHERE hour >= {from: DateTime('UTC')} AND hour < {to: DateTime('UTC')}
          GROUP BY hour, source, type, site, domain, dataschema_version, attribute_version
        )
        GROUP BY source, type, dataschema_version, attribute_version
      ) AS counted USING (source, type, dataschema_version, attribute_version)
      GROUP BY source, type, dataschema_version, attribute_version
      ORDER BY source, type, dataschema_version, attribute_version
      LIMIT ${MAX_TRAFFIC_ROWS}`,
    values: { from: toStoreSecond(from), to: toStoreSecond(to), ...traffic.values },
    row: eventTrafficRow,
  });
}
