import { TupleParam } from "@clickhouse/client";
import { z } from "zod";
import { FORECAST_LEVELS, type LegKind, type Likeness, toKindKey, toLikenessKey } from "../forecasts/cohort.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toChunks } from "./chunks.ts";

const GROUP = "flow, day, leg, calendar, criticality, site, supplier, hours";

const curveRow = z.object({
  flow: z.string(),
  frozen_on: z.iso.date(),
  leg: z.string(),
  calendar: z.string(),
  criticality: z.string(),
  site: z.string(),
  supplier: z.string(),
  hours: z.string(),
  level: z.enum(FORECAST_LEVELS),
  legs: z.array(z.int()),
  late: z.array(z.number()),
});

/** One group of legs on the day on which its curve was frozen. */
export type CurveKey = Omit<LegKind, "domain"> & Likeness & { day: string };

/** A curve as it was frozen: see `ForecastCurve`. */
export type FrozenCurve = Pick<z.infer<typeof curveRow>, "level" | "late"> & { like: readonly number[] };

/** The curves of groups, by `toCurveKey`, as far as the asker's scope reaches: what spans sites has none. */
export async function findForecastCurves(
  reader: StoreReader,
  asker: Asker,
  keys: readonly CurveKey[],
): Promise<Map<string, FrozenCurve>> {
  const distinct = [...new Map(keys.map((key) => [toCurveKey(key), key])).values()];
  const chunks = await Promise.all(
    toChunks(distinct, (key) => toCurveKey(key).length).map((chunk) =>
      reader.ask(asker, {
        caller: "find-forecast-curves",
        sql: `SELECT flow, toString(day) AS frozen_on, leg, calendar, criticality, site, supplier, hours, level, legs, late
          FROM leg_forecasts
          WHERE (${GROUP}) IN {keys: Array(Tuple(String, Date, String, String, String, String, String, String))}
          LIMIT 1 BY ${GROUP}
          LIMIT {limit: UInt32}`,
        values: {
          keys: chunk.map(toTuple),
          limit: chunk.length,
        },
        row: curveRow,
      }),
    ),
  );
  return new Map(
    chunks
      .flat()
      .map((row) => [toCurveKey({ ...row, day: row.frozen_on }), { level: row.level, like: row.legs, late: row.late }]),
  );
}

function toTuple({ flow, day, leg, calendar, criticality, site, supplier, hours }: CurveKey): TupleParam {
  return new TupleParam([flow, day, leg, calendar, criticality, site, supplier, hours]);
}

export function toCurveKey(key: CurveKey): string {
  return `${key.day}\u0000${toKindKey(key)}\u0000${toLikenessKey(key)}`;
}
