import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { BlindTime } from "../blindness/blind-times.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";

const MAX_TIMES = 10_000;

/** More sources than a projector knows: none of those that are silent now may be missing. */
const MAX_OPEN = 200_000;

const timeRow = z.object({ source: z.string(), silent_since: instant, from_at: instant, until_at: instant.nullable() });

/** A blind time, and when its source had last been heard of. */
export interface SilentTime extends BlindTime {
  silentSince: number;
}

const KNOWN: Conditions<"asOf" | "ceiling"> = {
  asOf: "known_at <= {asOf: DateTime64(3, 'UTC')}",
  ceiling: "batch <= {ceiling: UInt64}",
};

/** What of the times in which sources were silent is meant. `asOf` and the bounds as the store writes times. */
export interface BlindTimesQuestion {
  asOf?: string | undefined;
  ceiling?: string | undefined;
  /** Only those that go on. */
  isOpen?: boolean;
  /** Only those that touch this time. */
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * The times in which sources were silent, as known now or at a moment, newest first: all that go on, else the newest. Read without a scope: who may see a
 * leg is told that its feed is silent, whoever's feed that is.
 */
export async function listBlindTimes(
  reader: StoreReader,
  { signal }: Asker,
  { asOf, ceiling, isOpen = false, from, to }: BlindTimesQuestion,
): Promise<SilentTime[]> {
  const known = whereGiven(KNOWN, { asOf, ceiling });
  const within = whereGiven(
    {
      from: "isNull(until_at) OR until_at > {from: DateTime64(3, 'UTC')}",
      to: "from_at < {to: DateTime64(3, 'UTC')}",
      isOpen: "isNull(until_at)",
    },
    { from, to, isOpen: isOpen ? 1 : undefined },
  );
  const rows = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-blind-times",
      sql: `SELECT source, silent_since, newest.1 AS from_at, newest.2 AS until_at FROM (
          SELECT source, silent_since, argMax((blind_from, blind_until), batch) AS newest
          FROM blind_intervals WHERE ${known.sql} GROUP BY source, silent_since)
        WHERE ${within.sql}
        ORDER BY from_at DESC
        LIMIT ${isOpen ? MAX_OPEN : MAX_TIMES}`,
      values: { ...known.values, ...within.values },
      row: timeRow,
    },
  );
  return rows.map((row) => ({
    source: row.source,
    silentSince: Date.parse(row.silent_since),
    from: Date.parse(row.from_at),
    until: row.until_at === null ? undefined : Date.parse(row.until_at),
  }));
}
