import { TupleParam } from "@clickhouse/client";
import { type Interval, mergeIntervals } from "@throughline/schemas/calendar/working-time";
import { type BlindMap, joinSites, joinSuppliers } from "./blind-groups.ts";
import type { BlindHours, BlindTime } from "./blind-times.ts";
import { HOUR_PARTS } from "./shown-verdict.ts";

/** Most bytes of texts that one parameter of a question takes; the store's limit is 128 KiB. Beyond, less is told apart. */
const MAX_BYTES = 120_000;

/** Most stretches of hours that one parameter takes, and most hours in all; where there are more, nearby ones are joined. */
const PART_STRETCHES = 4500;
const MAX_STRETCHES = PART_STRETCHES * HOUR_PARTS;
const MAX_HOURS = 500_000;

/** Silent sources that a reason names. */
const MAX_NAMED = 5;
const DAY_HOURS = 24;
const YEAR_HOURS = 8760;

/** What fills in a `shown-verdict` expression for verdicts; sources that are silent now, each with since when. */
export function toBlindValues(map: BlindMap, times: readonly BlindTime[]): Record<string, unknown> {
  const fromOf = new Map(times.map(({ source, from }) => [source, new Date(from).toISOString()]));
  const bounded = bound(map, isShort);
  const toReason = (sources: readonly string[]) => {
    const named = sources.slice(0, MAX_NAMED).map((source) => `${source} (blind from ${fromOf.get(source)})`);
    const more = sources.length > MAX_NAMED ? ` and ${sources.length - MAX_NAMED} more` : "";
    return `no word from ${named.join(", ")}${more}`;
  };
  const reasons = bounded.groups.map(toReason);
  const blindReasons = toBytes(reasons) <= MAX_BYTES ? reasons : reasons.map(() => "no word from a source of its end");
  return { ...toPlaceValues("blind", bounded), blindReasons };
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
  const bounded = bound(map, (candidate) => isShort(candidate) && isFew(listOf(candidate.groups, 1)));
  const stretches = boundHours((step) => listOf(bounded.groups, step)).flatMap((own, index) =>
    own.map(({ from, until }) => new TupleParam([index + 1, from, until])),
  );
  const parts = Array.from({ length: HOUR_PARTS }, (_, part): [string, TupleParam[]] => [
    `unseenHours${part}`,
    stretches.slice(part * PART_STRETCHES, (part + 1) * PART_STRETCHES),
  ]);
  return { ...toPlaceValues("unseen", bounded), ...Object.fromEntries(parts) };
}

function isShort({ suppliers, sites }: BlindMap): boolean {
  return toBytes([...suppliers.keys()]) <= MAX_BYTES && toBytes([...sites.keys()]) <= MAX_BYTES;
}

function toBytes(texts: readonly string[]): number {
  return Buffer.byteLength(JSON.stringify(texts));
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
