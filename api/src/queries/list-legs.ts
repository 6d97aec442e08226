import { z } from "zod";
import type { LegVerdict } from "@throughline/schemas/leg";
import type { Asker, StoreReader } from "./ask.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { findCurrentLegs } from "./find-current-legs.ts";
import { findLegCeiling } from "./find-leg-ceiling.ts";
import { findLegHours, type LegHours } from "./find-leg-hours.ts";
import type { LegFilter } from "./leg-filter.ts";
import { type LegCandidate, type LegPlace, legPlace, listLegCandidates } from "./list-leg-candidates.ts";
import { type LegRow, toLegKeyText, toLegVerdict } from "./leg-row.ts";

/** Rounds of candidates that one page may take; a page that needs more comes short, with a cursor to go on from. */
const MAX_ROUNDS = 24;
const FIRST_CANDIDATES = 400;
const MAX_CANDIDATES = 6000;
const MAX_HOURS_AT_ONCE = 2000;
const HOUR_MS = 3_600_000;
const BEHIND_ALL_TEXT = "\u{10ffff}";

const cursorPlace = z.object({ ceiling: z.string().regex(/^\d{1,20}$/), after: legPlace.nullable() });

export interface LegListQuestion {
  filter: LegFilter;
  limit: number;
  cursor: string | undefined;
  now: number;
}

/**
 * One page of the legs whose current verdict fits the filter, by the time that dates it. All pages show the legs as they
 * stood when the first was read. Verdicts that a later one replaced are found and left out.
 */
export async function listLegs(
  reader: StoreReader,
  asker: Asker,
  { filter, limit, cursor, now }: LegListQuestion,
): Promise<{ items: LegVerdict[]; nextCursor: string | null }> {
  const start = cursor === undefined ? undefined : parseCursor(cursor, cursorPlace, filter);
  const ceiling = start?.ceiling ?? (await findLegCeiling(reader, asker));
  const search = { reader, asker, filter, ceiling };
  const found: LegRow[] = [];
  let after = start?.after ?? undefined;
  let rounds = 0;
  for (const window of await planWindows(search, { after, limit })) {
    let size = Math.max(FIRST_CANDIDATES, limit * 2);
    for (let isThrough = false; !isThrough; size = Math.min(size * 2, MAX_CANDIDATES)) {
      if (found.length > limit) break;
      if (rounds++ >= MAX_ROUNDS) return toPage({ found, limit, now, resume: { ceiling, after, filter } });
      const candidates = await listLegCandidates(reader, asker, { filter, ceiling, after, hours: window, limit: size });
      found.push(...(await keepCurrent(search, candidates)));
      isThrough = candidates.length < size;
      const last = candidates.at(-1);
      if (last) after = toPlace(last);
    }
    if (window && found.length <= limit) after = toPlaceBehind(window, filter.order);
  }
  return toPage({ found, limit, now, resume: found.length > limit ? { ceiling, after, filter } : undefined });
}

interface Search {
  reader: StoreReader;
  asker: Asker;
  filter: LegFilter;
  ceiling: string;
}

/** Groups of hours to look through in turn, each holding enough legs for a page; one of any hour where nothing is known. */
async function planWindows(
  { reader, asker, filter, ceiling }: Search,
  { after, limit }: { after: LegPlace | undefined; limit: number },
): Promise<(string[] | undefined)[]> {
  if (filter.asOf !== undefined || filter.instanceId !== undefined) return [undefined];
  const hours = await findLegHours(reader, asker, { filter, ceiling });
  if (hours === undefined) return [undefined];
  const isNewest = filter.order === "newest";
  const sorted = hours.toSorted((a, b) => (isNewest ? -1 : 1) * (Date.parse(a.hour) - Date.parse(b.hour)));
  const startHour = after && Math.floor(Date.parse(after.datedAt) / HOUR_MS) * HOUR_MS;
  const isAhead = ({ hour }: LegHours) =>
    startHour === undefined || (isNewest ? Date.parse(hour) <= startHour : Date.parse(hour) >= startHour);
  return groupHours(
    sorted.filter(isAhead),
    filter.q === undefined && filter.instanceType === undefined ? limit + 1 : Infinity,
  );
}

function groupHours(hours: readonly LegHours[], legsPerGroup: number): string[][] {
  const groups: string[][] = [];
  let legs = Infinity;
  for (const { hour, legs: count } of hours) {
    const last = groups.at(-1);
    if (last && legs < legsPerGroup && last.length < MAX_HOURS_AT_ONCE) last.push(hour);
    else {
      groups.push([hour]);
      legs = 0;
    }
    legs += count;
  }
  return groups;
}

/** Those candidates that are the newest verdict of their leg. */
async function keepCurrent(
  { reader, asker, ceiling, filter }: Search,
  candidates: readonly LegCandidate[],
): Promise<LegRow[]> {
  if (candidates.length === 0) return [];
  const current = await findCurrentLegs(reader, asker, { keys: candidates, ceiling, asOf: filter.asOf });
  return candidates.flatMap((candidate) => {
    const row = current.get(toLegKeyText(candidate));
    return row && row.batch_text === candidate.batch_text ? [row] : [];
  });
}

function toPage(page: {
  found: readonly LegRow[];
  limit: number;
  now: number;
  resume: { ceiling: string; after: LegPlace | undefined; filter: LegFilter } | undefined;
}) {
  const shown = page.found.slice(0, page.limit);
  const last = shown.at(-1);
  const items = shown.map((row) => toLegVerdict(row, page.now));
  if (page.resume === undefined) return { items, nextCursor: null };
  const { ceiling, filter } = page.resume;
  const after = page.found.length > page.limit && last ? toPlace(last) : (page.resume.after ?? null);
  return { items, nextCursor: toCursor({ ceiling, after }, filter) };
}

/** The place behind all legs of these hours. */
function toPlaceBehind(hours: readonly string[], order: LegFilter["order"]): LegPlace {
  const times = hours.map((hour) => Date.parse(hour));
  const edge = order === "newest" ? Math.min(...times) : Math.max(...times) + HOUR_MS - 1;
  return { datedAt: new Date(edge).toISOString(), key: [BEHIND_ALL_TEXT, "", "", "", 0] };
}

function toPlace(row: LegCandidate | LegRow): LegPlace {
  return { datedAt: row.dated_at, key: [row.flow, row.leg, row.instance_type, row.instance_id, row.occurrence] };
}
