import { TupleParam } from "@clickhouse/client";
import { type Interval, mergeIntervals } from "@throughline/schemas/calendar/working-time";
import { type BlindMap, joinSites, joinSuppliers } from "./blind-groups.ts";
import type { BlindHours, BlindTime } from "./blind-times.ts";

/** Most places that a question names; where more are blind, they are told apart less. */
const MAX_PLACES = 20_000;

/** Most stretches of hours, and most hours in them, that a question names; where there are more, nearby ones are joined. */
const MAX_STRETCHES = 20_000;
const MAX_HOURS = 500_000;
const DAY_HOURS = 24;
const YEAR_HOURS = 8760;

/** What fills in a `shown-verdict` expression for verdicts; sources that are silent now, each with since when. */
export function toBlindValues(map: BlindMap, times: readonly BlindTime[]): Record<string, unknown> {
  const fromOf = new Map(times.map(({ source, from }) => [source, new Date(from).toISOString()]));
  const bounded = bound(map, ({ suppliers, sites }) => suppliers.size + sites.size <= MAX_PLACES);
  const reasons = bounded.groups.map(
    (sources) => `no word from ${sources.map((source) => `${source} (blind from ${fromOf.get(source)})`).join(", ")}`,
  );
  return { ...toPlaceValues("blind", bounded), blindReasons: reasons };
}

/** What fills in a `shown-verdict` expression for hours. */
export function toUnseenValues(map: BlindMap, hours: readonly BlindHours[]): Record<string, unknown> {
  const ofSource = Map.groupBy(hours, ({ source }) => source);
  const listOf = (groups: BlindMap["groups"], step: number) =>
    groups.map((sources) =>
      mergeHours(
        sources.flatMap((source) => ofSource.get(source) ?? []),
        step,
      ),
    );
  const bounded = bound(
    map,
    ({ suppliers, sites, groups }) => suppliers.size + sites.size <= MAX_PLACES && isFew(listOf(groups, 1)),
  );
  const stretches = boundHours((step) => listOf(bounded.groups, step));
  return {
    ...toPlaceValues("unseen", bounded),
    unseenHours: stretches.flatMap((own, index) =>
      own.map(({ from, until }) => new TupleParam([index + 1, from, until])),
    ),
  };
}

/** Tells places apart less and less until it fits; what is shown as blind may then be more than is, never less. */
function bound(map: BlindMap, fits: (map: BlindMap) => boolean): BlindMap {
  if (fits(map)) return map;
  const joined = joinSuppliers(map);
  return fits(joined) ? joined : joinSites(map);
}

/** Joins hours by the day, and then by the year, until they are few. */
function boundHours(list: (step: number) => Interval[][]): Interval[][] {
  const hourly = list(1);
  if (isFew(hourly)) return hourly;
  const daily = list(DAY_HOURS);
  return isFew(daily) ? daily : list(YEAR_HOURS);
}

function mergeHours(hours: readonly Interval[], step: number): Interval[] {
  return mergeIntervals(
    hours.map(({ from, until }) => ({ from: from - (from % step), until: Math.ceil(until / step) * step })),
  );
}

function isFew(stretches: readonly (readonly Interval[])[]): boolean {
  const all = stretches.flat();
  return all.length <= MAX_STRETCHES && all.reduce((sum, { from, until }) => sum + until - from, 0) <= MAX_HOURS;
}

function toPlaceValues(prefix: "blind" | "unseen", { classes, suppliers, sites, others }: BlindMap) {
  return {
    [`${prefix}Legs`]: [...classes.keys()],
    [`${prefix}Classes`]: [...classes.values()],
    [`${prefix}Suppliers`]: [...suppliers.keys()],
    [`${prefix}SupplierGroups`]: [...suppliers.values()],
    [`${prefix}Sites`]: [...sites.keys()],
    [`${prefix}SiteGroups`]: [...sites.values()],
    [`${prefix}Others`]: others,
  };
}
