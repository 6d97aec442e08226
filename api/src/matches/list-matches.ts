import { AppError } from "@throughline/schemas/error";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { MatchItem, MatchPage } from "../contract/match.ts";
import { parseCursor, toCursor } from "../queries/cursor.ts";
import { findCeiling } from "../queries/find-ceiling.ts";
import { listMatchSlots } from "../queries/list-match-slots.ts";
import { type WorkPlace, type WorkSort, listOpenWork } from "../queries/list-open-work.ts";
import { type MatchFilter, withAges } from "../queries/match-filter.ts";
import { matchSlotShape } from "../queries/match-row.ts";
import { parseMatchId, toMatchId } from "./match-id.ts";
import { type KnownMatch, type MatchReading, readMatches } from "./read-matches.ts";
import { WORK_STATES } from "./work-state.ts";

const STANDING_STATES = WORK_STATES.filter((state) => state !== "resolved");
/** Results of an earlier moment that are looked at for one page of work, at most. */
const MAX_LOOKED_AT = 20_000;
const LOOK = 500;

const slotPlace = z.object(matchSlotShape);
const place = z.union([
  z.object({ ceiling: z.string().regex(/^\d{1,20}$/), enteredAt: instant, slot: slotPlace }),
  z.object({ at: z.string().max(40), today: z.iso.date(), slot: slotPlace }),
]);

export interface MatchListing {
  filter: MatchFilter;
  sort: WorkSort | undefined;
  limit: number;
  cursor: string | undefined;
}

/** One page of results, or, where states or owners are asked for, of those that need work. */
export async function listMatches(reading: MatchReading, listing: MatchListing): Promise<MatchPage> {
  const { filter, sort } = listing;
  const isWork = filter.state !== undefined || filter.owner !== undefined || sort !== undefined;
  const isResolved = filter.state?.includes("resolved") === true;
  if (isResolved && (filter.state?.length !== 1 || filter.owner !== undefined || sort !== undefined))
    throw new AppError("invalid_request", "What is resolved is listed by itself.", {
      issues: [{ path: "/query/state", message: "`resolved` stands alone, without `owner` and `sort`" }],
    });
  if (!isWork || isResolved)
    return listResults(
      reading,
      listing,
      isResolved ? { work: "resolved", fits: ({ work }) => work?.state === "resolved" } : { fits: () => true },
    );
  if (filter.asOf === undefined) return listWork(reading, listing);
  if (sort === "due" || sort === "oldest")
    throw new AppError("invalid_request", "An earlier moment is listed by the time of entry.", {
      issues: [{ path: "/query/sort", message: "cannot be given with `asOf`" }],
    });
  const states = filter.state ?? STANDING_STATES;
  const owners = filter.owner ?? [];
  return listResults(reading, listing, {
    work: "standing",
    fits: ({ work }) =>
      work !== null && states.includes(work.state) && (owners.length === 0 || owners.includes(work.owner?.id ?? "")),
  });
}

/** The latest entered first; all pages show the results as they stood when the first was read. */
async function listResults(
  reading: MatchReading,
  { filter, limit, cursor }: MatchListing,
  { work, fits }: { work?: "standing" | "resolved"; fits: (item: MatchItem) => boolean },
): Promise<MatchPage> {
  const { reader, asker } = reading;
  const start = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  let after = start && "ceiling" in start ? start : undefined;
  const ceiling = after?.ceiling ?? (await findCeiling(reader, asker, "reconciler"));
  const narrowed = withAges(filter, reading.now);
  const items: MatchItem[] = [];
  let hasMore = true;
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT && items.length <= limit && hasMore; lookedAt += LOOK) {
    const wanted = Math.max(limit + 1, lookedAt === 0 ? 0 : LOOK);
    const slots = await listMatchSlots(reader, asker, { filter: narrowed, work, ceiling, after, limit: wanted });
    const known = await readMatches({ ...reading, asOf: filter.asOf, ceiling }, slots);
    const batchOf = new Map(slots.map((slot) => [toMatchId(slot), slot.batch]));
    const isNewest = ({ item, versions }: KnownMatch) => versions.at(-1)?.batch === batchOf.get(item.id);
    items.push(...known.filter(isNewest).flatMap(({ item }) => (fits(item) ? [item] : [])));
    const last = slots.at(-1);
    hasMore = last !== undefined && slots.length === wanted;
    if (last) after = { ceiling, enteredAt: last.entered, slot: slotPlace.parse(last) };
  }
  const shown = items.slice(0, limit);
  const last = items.length > limit ? shown.at(-1) : undefined;
  // Where much was looked at and little fits, the page is short and the next one goes on behind it.
  const next = last ? { ceiling, enteredAt: last.enteredAt, slot: parseMatchId(last.id) } : hasMore ? after : undefined;
  return { items: shown, nextCursor: next ? toCursor(next, filter) : null };
}

/** What needs work now, in the order asked for. What changes meanwhile is shown as it is when its page is read. */
async function listWork(
  reading: MatchReading,
  { filter, sort = "entered", limit, cursor }: MatchListing,
): Promise<MatchPage> {
  const { reader, asker, pack, now } = reading;
  const bound = { ...filter, sort };
  const start = cursor === undefined ? undefined : parseCursor(cursor, place, bound);
  const after = start && "today" in start ? start : undefined;
  const today = after?.today ?? new Date(now).toISOString().slice(0, 10);
  const found = await listOpenWork(reader, asker, {
    filter: withAges(filter, now),
    routing: pack.matchRouting,
    states: filter.state ?? STANDING_STATES,
    sort,
    after: after && toWorkPlace(after),
    today,
    limit: limit + 1,
  });
  const shown = found.slice(0, limit);
  const known = await readMatches(reading, shown);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    items: known.map(({ item }) => item),
    nextCursor: last ? toCursor({ at: last.sorted_by, today, slot: slotPlace.parse(last) }, bound) : null,
  };
}

function toWorkPlace({ at, slot }: { at: string; slot: WorkPlace["slot"] }): WorkPlace {
  return { at, slot };
}
