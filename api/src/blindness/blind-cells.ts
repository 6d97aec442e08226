import type { Pack } from "@throughline/schemas/pack/flow";
import { type CarriedType, createCarriers } from "../projections/feeds/carriers.ts";

const HOUR_MS = 3_600_000;

/** A leg as configured, with the types of the events that can end it. */
export interface LegEnd {
  flow: string;
  leg: string;
  types: readonly string[];
}

/** A time in which nothing was known of a source. Times in milliseconds since 1970 UTC; undefined: it goes on. */
export interface BlindTime {
  source: string;
  from: number;
  until: number | undefined;
}

/** Legs of a flow at a site whose end may come from sources that are silent, and which these are. */
export interface BlindCell {
  flow: string;
  leg: string;
  site: string;
  times: readonly BlindTime[];
}

/** The legs of a pack with what can end each. */
export function listLegEnds(pack: Pick<Pack, "flows">): LegEnd[] {
  return [...pack.flows.values()].flatMap((flow) =>
    flow.legs.map((leg) => ({
      flow: flow.id,
      leg: leg.id,
      types: (flow.milestones[leg.to]?.events ?? []).map(({ type }) => type),
    })),
  );
}

/** The hours of a time that blind cells touch, as the start of each in milliseconds, once for each cell. */
export function listBlindHours(
  cells: readonly BlindCell[],
  { from, to }: { from: number; to: number },
): { cell: BlindCell; hour: number }[] {
  return cells.flatMap((cell) => {
    const hours = new Set<number>();
    for (const time of cell.times) {
      const end = Math.min(time.until ?? to, to);
      for (let hour = toHour(Math.max(time.from, from)); hour < end; hour += HOUR_MS) hours.add(hour);
    }
    return [...hours].map((hour) => ({ cell, hour }));
  });
}

function toHour(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}

/**
 * The cells that blind times touch: a leg at a site is touched when any source that can carry its end there is. Legs lie
 * at sites that some source sent something for, so `carried` names all sites that there are.
 */
export function listBlindCells(
  ends: readonly LegEnd[],
  { carried, times }: { carried: readonly CarriedType[]; times: readonly BlindTime[] },
): BlindCell[] {
  if (times.length === 0) return [];
  const carriers = createCarriers(carried);
  const sites = new Set(["", ...carried.map(({ site }) => site)]);
  const bySource = Map.groupBy(times, ({ source }) => source);
  return ends.flatMap(({ flow, leg, types }) =>
    [...sites].flatMap((site) => {
      const touching = carriers.list(types, site).flatMap((source) => bySource.get(source) ?? []);
      return touching.length === 0 ? [] : [{ flow, leg, site, times: touching }];
    }),
  );
}
