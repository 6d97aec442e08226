import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import type { BlindHours } from "../blindness/blind-times.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";

/** More stretches than this are told by the day, and then by the year: never fewer hours than there were. */
const MAX_STRETCHES = 20_000;
const STEPS_HOURS = [1, 24, 8760] as const;

/** More sources than a projector knows. */
const MAX_ROWS = 200_000;

const stretchRow = z.object({ source: z.string(), from: z.int(), until: z.int() });

const KNOWN: Conditions<"asOf" | "ceiling"> = {
  asOf: "known_at <= {asOf: DateTime64(3, 'UTC')}",
  ceiling: "batch <= {ceiling: UInt64}",
};

/** Which time is meant, in milliseconds since 1970 UTC, as known now or at a moment as the store writes it. */
export interface BlindHoursQuestion {
  fromMs: number;
  toMs: number;
  asOf: string | undefined;
  ceiling: string | undefined;
}

/**
 * The hours in which each source was silent for some time, neighbours as one, however often it fell silent. Read without a
 * scope: who may see a leg is told that its feed was silent, whoever's feed that is.
 */
export async function listBlindHours(
  reader: StoreReader,
  asker: Asker,
  question: BlindHoursQuestion,
): Promise<BlindHours[]> {
  for (const step of STEPS_HOURS) {
    const found = await askStretches(reader, asker, { ...question, step });
    if (found.length <= MAX_STRETCHES || step === STEPS_HOURS.at(-1)) return found;
  }
  return [];
}

function askStretches(
  reader: StoreReader,
  { signal }: Asker,
  { fromMs, toMs, asOf, ceiling, step }: BlindHoursQuestion & { step: number },
): Promise<BlindHours[]> {
  const known = whereGiven(KNOWN, { asOf, ceiling });
  return reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-blind-hours",
      sql: `SELECT source, min(first) AS from, max(last) AS until FROM (
          SELECT source, first, last, sum(is_apart) OVER (PARTITION BY source ORDER BY first, last) AS stretch FROM (
            SELECT source, first, last, first > max(last) OVER (
              PARTITION BY source ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_apart
            FROM (
              SELECT DISTINCT source, intDiv(greatest(from_ms, {from: Int64}), {step: Int64} * 3600000) * {step: Int64} AS first,
                intDiv(least(until_ms, {to: Int64}) + {step: Int64} * 3600000 - 1, {step: Int64} * 3600000) * {step: Int64} AS last
              FROM (
                SELECT source, toUnixTimestamp64Milli(newest.1) AS from_ms,
                  ifNull(toUnixTimestamp64Milli(newest.2), {to: Int64}) AS until_ms
                FROM (
                  SELECT source, argMax((blind_from, blind_until), batch) AS newest
                  FROM blind_intervals WHERE ${known.sql} GROUP BY source, silent_since)
              )
              WHERE from_ms < {to: Int64} AND until_ms > {from: Int64} AND last > first
            )
          )
        )
        GROUP BY source, stretch
        ORDER BY source, from
        LIMIT ${MAX_ROWS}`,
      values: { ...known.values, from: fromMs, to: toMs, step },
      row: stretchRow,
    },
  );
}
