import type { LegVerdict } from "@throughline/schemas/leg";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { findCurrentLegs } from "./find-current-legs.ts";
import { findCeiling } from "./find-ceiling.ts";
import { findLegHours, type LegHours, listVerdictHours } from "./find-leg-hours.ts";
import { type FoundLeg, findLegPage } from "./find-leg-page.ts";
import type { LegFilter } from "./leg-filter.ts";
import { HOUR_MS, type LegPlace, legPlace, toPlace, toPlaceBehind } from "./leg-place.ts";
import { type LegClock, type LegRow, toLegKeyText, toLegVerdict } from "./leg-row.ts";

/** Groups of hours that one page may look through; a page that needs more comes short, with a cursor to go on from. */
const MAX_GROUPS = 12;
const MAX_HOURS_AT_ONCE = 2000;

/** How many times the wanted number of verdicts is looked at, look after look, since some may have been replaced; at most. */
const LOOKS = [1, 4, 16, 16, 16, 16, 16, 16];
const MAX_LOOK = 1000;

/** Legs that one question looks for, so that it need not look through too many verdicts that were replaced. */
const LEGS_AT_ONCE = 250;

/** Verdicts that questions look through where no count of legs leads the way: few at first, since most may be current. */
const FIRST_VERDICTS = 1000;
const VERDICTS_GROWTH = 4;
const MAX_VERDICTS = 250_000;

/** What the counts of legs do not know. */
const UNCOUNTED = ["asOf", "q", "instanceType", "startHour"] as const;

const cursorPlace = z.object({ ceiling: z.string().regex(/^\d{1,20}$/), after: legPlace.nullable() });

export interface LegListQuestion {
  filter: LegFilter;
  limit: number;
  cursor: string | undefined;
  clock: LegClock;
}

/**
 * One page of the legs whose current verdict fits the filter, by the time that dates it. All pages show the legs as they
 * stood when the first was read.
 */
export async function listLegs(
  reader: StoreReader,
  asker: Asker,
  { filter, limit, cursor, clock }: LegListQuestion,
): Promise<{ items: LegVerdict[]; nextCursor: string | null }> {
  const start = cursor === undefined ? undefined : parseCursor(cursor, cursorPlace, filter);
  const ceiling = start?.ceiling ?? (await findCeiling(reader, asker, "legs"));
  const search = { reader, asker, filter, ceiling };
  const found: LegRow[] = [];
  let after = start?.after ?? undefined;
  const groups = await planGroups(search, { after, limit });
  for (const [index, hours] of groups.entries()) {
    if (index >= MAX_GROUPS) return toPage({ found, limit, clock, resume: { ceiling, after, filter } });
    const { legs, isThrough, last } = await lookThrough(search, { hours, after, limit: limit + 1 - found.length });
    found.push(...legs);
    if (found.length > limit || !isThrough)
      return toPage({ found, limit, clock, resume: { ceiling, after: last ?? after, filter } });
    if (hours) after = toPlaceBehind(hours, filter.order);
  }
  return toPage({ found, limit, clock, resume: undefined });
}

interface Search {
  reader: StoreReader;
  asker: Asker;
  filter: LegFilter;
  ceiling: string;
}

/** Groups of hours to look through in turn, each holding about a page of legs; one of any hour where a key is given. */
async function planGroups(
  { reader, asker, filter, ceiling }: Search,
  { after, limit }: { after: LegPlace | undefined; limit: number },
): Promise<(string[] | undefined)[]> {
  if (filter.instanceId !== undefined) return [undefined];
  const isCounted = UNCOUNTED.every((name) => filter[name] === undefined);
  const counted = isCounted ? await findLegHours(reader, asker, { filter, ceiling }) : undefined;
  const hours = counted ?? (await listVerdictHours(reader, asker, { filter, ceiling }));
  const isNewest = filter.order === "newest";
  const startHour = after && Math.floor(Date.parse(after.datedAt) / HOUR_MS) * HOUR_MS;
  const isAhead = ({ hour }: LegHours) =>
    startHour === undefined || (isNewest ? Date.parse(hour) <= startHour : Date.parse(hour) >= startHour);
  const ahead = hours
    .filter(isAhead)
    .toSorted((a, b) => (isNewest ? -1 : 1) * (Date.parse(a.hour) - Date.parse(b.hour)));
  const legsPerGroup = Math.min(limit + 1, LEGS_AT_ONCE);
  return groupHours(ahead, (index) =>
    counted ? legsPerGroup : Math.min(FIRST_VERDICTS * VERDICTS_GROWTH ** index, MAX_VERDICTS),
  );
}

function groupHours(hours: readonly LegHours[], sizeOf: (index: number) => number): string[][] {
  const groups: string[][] = [];
  let legs = 0;
  for (const { hour, legs: count } of hours) {
    const last = groups.at(-1);
    if (last && legs < sizeOf(groups.length - 1) && last.length < MAX_HOURS_AT_ONCE) {
      last.push(hour);
      legs += count;
    } else {
      groups.push([hour]);
      legs = count;
    }
  }
  return groups;
}

/** The next legs of some hours, at least `limit` of them unless too few verdicts are current. `isThrough`: there are no more. */
async function lookThrough(
  { reader, asker, filter, ceiling }: Search,
  at: { hours: string[] | undefined; after: LegPlace | undefined; limit: number },
): Promise<{ legs: LegRow[]; isThrough: boolean; last: LegPlace | undefined }> {
  const legs: LegRow[] = [];
  let last = at.after;
  for (const growth of LOOKS) {
    const limit = Math.min(at.limit * growth, MAX_LOOK);
    const found = await findLegPage(reader, asker, { filter, ceiling, hours: at.hours, after: last, limit });
    const current = await findCurrentLegs(reader, asker, { keys: found, ceiling, asOf: filter.asOf });
    legs.push(...found.flatMap((leg) => toCurrent(leg, current.get(toLegKeyText(leg)))));
    const end = found.at(-1);
    last = end ? toPlace(end) : last;
    if (found.length < limit) return { legs, isThrough: true, last };
    if (legs.length >= at.limit) break;
  }
  return { legs, isThrough: false, last };
}

function toCurrent(leg: FoundLeg, row: LegRow | undefined): LegRow[] {
  return row?.batch_text === leg.batch_text ? [row] : [];
}

function toPage(page: {
  found: readonly LegRow[];
  limit: number;
  clock: LegClock;
  resume: { ceiling: string; after: LegPlace | undefined; filter: LegFilter } | undefined;
}) {
  const shown = page.found.slice(0, page.limit);
  const last = shown.at(-1);
  const items = shown.map((row) => toLegVerdict(row, page.clock));
  if (page.resume === undefined) return { items, nextCursor: null };
  const { ceiling, filter } = page.resume;
  const after = page.found.length > page.limit && last ? toPlace(last) : (page.resume.after ?? null);
  return { items, nextCursor: toCursor({ ceiling, after }, filter) };
}
