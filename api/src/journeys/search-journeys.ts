import { AppError } from "@throughline/schemas/error";
import type { JourneyMatch, JourneySearch } from "../contract/journey.ts";
import { toJourneyHref, toTraceHref } from "../http/href.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { ObjectKey } from "../queries/list-events-of-objects.ts";
import { listEventsOfTrace } from "../queries/list-events-of-trace.ts";
import { listSpans } from "../queries/list-spans.ts";
import {
  countEventsOfObjects,
  listObjectsByKey,
  listObjectsByPrefix,
  listObjectsContaining,
  type ObjectActivity,
} from "../queries/search-objects.ts";
import type { FlowLinks } from "./flow-links.ts";
import { toDistinct, toKeyText } from "./object-key.ts";
import { toNanoInstant } from "./waterfall.ts";

const TRACE_ID = /^[0-9a-f]{32}$/i;
const MIN_PREFIX_LENGTH = 2;
const MIN_CONTAINS_LENGTH = 3;
const MAX_TRACE_SPANS = 1000;

interface Search {
  reader: StoreReader;
  asker: Asker;
  links: FlowLinks;
  key: string;
  limit: number;
}

/** What a key leads to: objects with that id, else beginning with it, else containing it; and a trace of that id. */
export async function searchJourneys(search: Search): Promise<JourneySearch> {
  const { key, limit } = search;
  const [found, traces] = await Promise.all([findObjects(search), findTraces(search)]);
  const shown = found.objects.slice(0, limit);
  const activity = await countEventsOfObjects(search.reader, search.asker, shown);
  return {
    key,
    groups: toGroups(activity, search),
    traces,
    isTruncated: found.objects.length > limit,
    isPartial: found.isPartial,
  };
}

async function findObjects({
  reader,
  asker,
  links,
  key,
  limit,
}: Search): Promise<{ objects: ObjectKey[]; isPartial: boolean }> {
  const question = { key, limit: limit + 1 };
  const [exact, starting] = await Promise.all([
    listObjectsByKey(reader, asker, question),
    key.length < MIN_PREFIX_LENGTH ? [] : listObjectsByPrefix(reader, asker, { ...question, types: links.types }),
  ]);
  const objects = toDistinct([...exact, ...starting]);
  if (objects.length > 0 || key.length < MIN_CONTAINS_LENGTH) return { objects, isPartial: false };
  try {
    return { objects: await listObjectsContaining(reader, asker, question), isPartial: false };
  } catch (error) {
    if (error instanceof AppError && error.code === "timeout") return { objects: [], isPartial: true };
    throw error;
  }
}

async function findTraces({ reader, asker, key }: Search): Promise<JourneySearch["traces"]> {
  if (!TRACE_ID.test(key)) return [];
  const traceId = key.toLowerCase();
  const [spans, events] = await Promise.all([
    listSpans(reader, asker, { traceIds: [traceId], limit: MAX_TRACE_SPANS }),
    listEventsOfTrace(reader, asker, traceId),
  ]);
  if (spans.length === 0 && events.length === 0) return [];
  const startedAt = spans[0] ? toNanoInstant(spans[0].start_ns) : (events[0]?.time ?? null);
  return [{ traceId, startedAt, spans: spans.length, events: events.length, href: toTraceHref(traceId) }];
}

function toGroups(rows: readonly ObjectActivity[], { key, links }: Search): JourneySearch["groups"] {
  const matches = rows.map((row) => toMatch(row, key)).toSorted(compareMatches);
  const groups = Map.groupBy(matches, ({ type }) => type);
  return [...groups].map(([type, objects]) => ({
    type,
    title: links.titleOf(type),
    count: objects.length,
    lastAt: objects.reduce((latest, { lastAt }) => (lastAt > latest ? lastAt : latest), ""),
    objects,
  }));
}

function toMatch(row: ObjectActivity, key: string): JourneyMatch {
  const object = { type: row.object_type, id: row.object_id };
  const [id, sought] = [object.id.toLowerCase(), key.toLowerCase()];
  const match = id === sought ? "exact" : id.startsWith(sought) ? "prefix" : "contains";
  return {
    ...object,
    match,
    events: row.events,
    firstAt: row.first_at,
    lastAt: row.last_at,
    href: toJourneyHref(object),
  };
}

const RANK = { exact: 0, prefix: 1, contains: 2 } as const;

function compareMatches(a: JourneyMatch, b: JourneyMatch): number {
  return (
    RANK[a.match] - RANK[b.match] ||
    (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : toKeyText(a) < toKeyText(b) ? -1 : 1)
  );
}
