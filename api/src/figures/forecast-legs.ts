import type { LegVerdict } from "@throughline/schemas/leg";
import type { Forecast } from "../contract/forecast.ts";
import { listGroups } from "../forecasts/cohort.ts";
import { readChance } from "../forecasts/read-chance.ts";
import { createStartHours } from "../forecasts/start-hours.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { type CurveKey, findForecastCurves, toCurveKey } from "../queries/find-forecast-curves.ts";
import { findForecastDays } from "../queries/find-forecast-days.ts";

/** The verdicts of which something can be foretold. */
export const FORETOLD = ["OPEN", "AT_RISK"] as const;

interface Asked<Leg> {
  leg: Leg;
  share: number;
  day: string;
  keys: CurveKey[];
}

/**
 * The same legs with the chance that each ends in time, by the curves that held at `at` (milliseconds) and the share of its
 * budget that it had used then. Null for what is not open, and where too few legs like it have run as long.
 */
export async function forecastLegs<Leg extends LegVerdict>(
  { reader, asker, at }: { reader: StoreReader; asker: Asker; at: number },
  legs: readonly Leg[],
): Promise<(Leg & { forecast: Forecast | null })[]> {
  const open = legs.filter(isForetold);
  const days = await findForecastDays(reader, asker, { flows: [...new Set(open.map(({ flow }) => flow))], at });
  const toHours = createHoursByZone();
  const asked = open.flatMap((leg): Asked<Leg>[] => {
    const frozen = days.get(leg.flow);
    const zone = frozen?.zones.get(leg.leg);
    if (frozen === undefined || zone === undefined || leg.startedAt === null || !leg.budgetMs) return [];
    const { day } = frozen;
    const { flow, leg: name, calendar, criticality, site, supplier } = leg;
    const groups = listGroups({ site, supplier, hours: toHours(zone)(Date.parse(leg.startedAt)) });
    const keys = groups.map((group) => ({ flow, leg: name, calendar, criticality, day, ...group }));
    return [{ leg, share: (leg.elapsedMs ?? 0) / leg.budgetMs, day, keys }];
  });
  const curves = await findForecastCurves(
    reader,
    asker,
    asked.flatMap(({ keys }) => keys),
  );
  const forecasts = new Map<Leg, Forecast>();
  for (const { leg, share, day, keys } of asked) {
    const own = keys.flatMap((key) => curves.get(toCurveKey(key)) ?? []);
    const found = readChance(own, share);
    if (found) forecasts.set(leg, { ...found, chance: Number(found.chance.toFixed(4)), frozenOn: day });
  }
  return legs.map((leg) => ({ ...leg, forecast: forecasts.get(leg) ?? null }));
}

function isForetold({ verdict }: LegVerdict): boolean {
  return FORETOLD.some((open) => open === verdict);
}

function createHoursByZone() {
  const byZone = new Map<string, ReturnType<typeof createStartHours>>();
  return (zone: string) => {
    const known = byZone.get(zone) ?? createStartHours(zone);
    byZone.set(zone, known);
    return known;
  };
}
