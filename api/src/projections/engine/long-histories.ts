import type { ClickHouseClient } from "@clickhouse/client";
import type { ObjectRef } from "@throughline/schemas/event";
import { z } from "zod";
import { toObjectKey } from "../fact.ts";
import { readRows } from "./read-rows.ts";
import { type RecentMap, createRecentMap } from "./recent-map.ts";

const CHUNK = 2000;
const MAX_KNOWN = 10_000;
/** An object with 10,000 events is evaluated every ten seconds at most, which is a small part of the time that this takes. */
const PAUSE_MS_PER_FACT = 1;

/** Objects with more events than are held in memory. */
export interface LongHistories {
  /** More events of one object than this are read anew each time, and less often the more there are. */
  maxFacts: number;
  /** When an object was evaluated last, by the clock of steps, and how many events it had. */
  evaluated: RecentMap<string, { at: number; facts: number }>;
}

export function createLongHistories(maxFacts: number): LongHistories {
  return { maxFacts, evaluated: createRecentMap(MAX_KNOWN) };
}

/** Whether a step at this time should leave an object to a later one, so that others are not kept waiting. */
export function mustWait({ evaluated }: LongHistories, object: ObjectRef, now: number): boolean {
  const known = evaluated.get(toObjectKey(object));
  return known !== undefined && now < known.at + known.facts * PAUSE_MS_PER_FACT;
}

/** Those of the objects that more events name than are held in memory. */
export async function listLong(
  client: ClickHouseClient,
  objects: readonly ObjectRef[],
  { maxFacts }: LongHistories,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [type, own] of Map.groupBy(objects, (object) => object.type))
    for (let start = 0; start < own.length; start += CHUNK) {
      const rows = await readRows(client, z.tuple([z.string()]), {
        caller: "reconciliations.long",
        sql: `SELECT object_id FROM object_events WHERE object_type = {type: String} AND object_id IN {ids: Array(String)}
          GROUP BY object_id HAVING count() > {maxFacts: UInt64}`,
        values: { type, maxFacts, ids: own.slice(start, start + CHUNK).map(({ id }) => id) },
      });
      for (const [id] of rows) found.add(toObjectKey({ type, id }));
    }
  return found;
}
