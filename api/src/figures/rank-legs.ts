import { AppError } from "@throughline/schemas/error";
import type { LegVerdict } from "@throughline/schemas/leg";
import { z } from "zod";
import type { Forecast } from "../contract/forecast.ts";
import type { LegsQuery } from "../contract/leg.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { parseCursor, toCursor } from "../queries/cursor.ts";
import { findCurrentLegs } from "../queries/find-current-legs.ts";
import { findCeiling } from "../queries/find-ceiling.ts";
import { findLegHours } from "../queries/find-leg-hours.ts";
import { findLegPage } from "../queries/find-leg-page.ts";
import type { LegFilter } from "../queries/leg-filter.ts";
import { type LegClock, toLegKeyText, toLegVerdict } from "../queries/leg-row.ts";
import { FORETOLD, forecastLegs } from "./forecast-legs.ts";

/** Open legs that can be put in the order of their chances at once. */
const MAX_RANKED = 5000;
const MAX_HOURS = 2000;
const LEGS_AT_ONCE = 1000;

const rankPlace = z.object({
  ceiling: z.string().regex(/^\d{1,20}$/),
  at: z.int().min(0),
  offset: z.int().min(0).max(MAX_RANKED),
});

export interface RankQuestion {
  filter: Omit<LegsQuery, "limit" | "cursor" | "format">;
  limit: number;
  cursor: string | undefined;
  clock: LegClock;
}

type RankedLeg = LegVerdict & { forecast: Forecast | null };

/**
 * One page of the open legs that fit the filter, by the chance that each ends in time, or only those whose chance is below
 * one. All pages show the legs and chances of the moment at which the first was read. Throws `invalid_request` when more
 * legs fit than can be put in order.
 */
export async function rankLegs(
  reader: StoreReader,
  asker: Asker,
  { filter, limit, cursor, clock }: RankQuestion,
): Promise<{ items: RankedLeg[]; nextCursor: string | null }> {
  const start = cursor === undefined ? undefined : parseCursor(cursor, rankPlace, filter);
  const ceiling = start?.ceiling ?? (await findCeiling(reader, asker, "legs"));
  const [at, offset] = [start?.at ?? clock.now, start?.offset ?? 0];
  const legs = await listOpenLegs({ reader, asker }, { filter, ceiling, clock: { ...clock, now: at } });
  const chunks: RankedLeg[] = [];
  for (let from = 0; from < legs.length; from += LEGS_AT_ONCE)
    chunks.push(...(await forecastLegs({ reader, asker, at }, legs.slice(from, from + LEGS_AT_ONCE))));
  const { chanceBelow } = filter;
  const fitting = chunks.filter(
    ({ forecast }) => chanceBelow === undefined || (forecast !== null && forecast.chance < chanceBelow),
  );
  const ranked = fitting.toSorted(COMPARE[filter.order]);
  const next = offset + limit;
  return {
    items: ranked.slice(offset, next),
    nextCursor: next < ranked.length ? toCursor({ ceiling, at, offset: next }, filter) : null,
  };
}

async function listOpenLegs(
  { reader, asker }: { reader: StoreReader; asker: Asker },
  of: { filter: RankQuestion["filter"]; ceiling: string; clock: LegClock },
): Promise<LegVerdict[]> {
  const { chanceBelow: _, order: __, verdict = FORETOLD, ...rest } = of.filter;
  const open = FORETOLD.filter((each) => verdict.length === 0 || verdict.includes(each));
  if (open.length === 0) return [];
  const filter: LegFilter = { ...rest, verdict: open, order: "newest" };
  const { ceiling } = of;
  const isCounted = filter.asOf === undefined && filter.q === undefined && filter.instanceType === undefined;
  const counted = isCounted ? await findLegHours(reader, asker, { filter, ceiling }) : undefined;
  if (counted?.length === 0) return [];
  const hours = counted && counted.length <= MAX_HOURS ? counted.map(({ hour }) => hour) : undefined;
  const page = { filter, ceiling, hours, after: undefined, limit: MAX_RANKED + 1 };
  const found = await findLegPage(reader, asker, page);
  if (found.length > MAX_RANKED)
    throw new AppError(
      "invalid_request",
      `More than ${MAX_RANKED} open legs fit. Narrow the list by flow, leg, site or time to see them by their chances.`,
    );
  const current = await findCurrentLegs(reader, asker, { keys: found, ceiling, asOf: filter.asOf });
  return found.flatMap((leg) => {
    const row = current.get(toLegKeyText(leg));
    return row?.batch_text === leg.batch_text ? [toLegVerdict(row, of.clock)] : [];
  });
}

const COMPARE: Record<LegsQuery["order"], (a: RankedLeg, b: RankedLeg) => number> = {
  newest: (a, b) => compareText(b.startedAt ?? "", a.startedAt ?? "") || compareKeys(a, b),
  oldest: (a, b) => compareText(a.startedAt ?? "", b.startedAt ?? "") || compareKeys(a, b),
  "least-likely": (a, b) => (a.forecast?.chance ?? 2) - (b.forecast?.chance ?? 2) || compareKeys(a, b),
};

function compareKeys(a: LegVerdict, b: LegVerdict): number {
  return compareText(toKeyText(a), toKeyText(b));
}

function toKeyText({ flow, leg, instance, occurrence }: LegVerdict): string {
  return toLegKeyText({ flow, leg, instance_type: instance.type, instance_id: instance.id, occurrence });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
