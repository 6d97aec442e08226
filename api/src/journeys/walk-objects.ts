import type { Asker, StoreReader } from "../queries/ask.ts";
import type { EventRow } from "../queries/event-row.ts";
import { listEventsOfObjects, MAX_OBJECTS_ASKED, type ObjectKey } from "../queries/list-events-of-objects.ts";
import { listParents, type ObjectLink } from "../queries/list-parents.ts";
import type { FlowLinks } from "./flow-links.ts";
import { toDistinct, toKeyText } from "./object-key.ts";

/** Most events that a journey reads, and steps up or down its links. */
export const MAX_EVENTS = 500;
const MAX_DEPTH = 6;

interface Walk {
  reader: StoreReader;
  asker: Asker;
  links: FlowLinks;
  /** Only events and links that had arrived by then. */
  asOf?: string | undefined;
}

/** What lies up and down the links of an object, with the events that tell of it. */
export interface Surroundings {
  up: ObjectKey[];
  down: ObjectKey[];
  upLinks: ObjectLink[];
  rows: EventRow[];
  isTruncated: { events: boolean; objects: boolean };
}

/**
 * Follows the declared links from an object towards anchors, and away from them. What hangs on the same anchor beside it
 * is not entered: an invoice that pays three orders shows the three, but an order does not show the other two.
 */
export async function walkObjects(walk: Walk, object: ObjectKey): Promise<Surroundings> {
  const { asOf } = walk;
  const [climbed, own] = await Promise.all([
    climb(walk, object),
    listEventsOfObjects(walk.reader, walk.asker, { objects: [object], limit: MAX_EVENTS + 1, asOf }),
  ]);
  const [above, descended] = await Promise.all([
    listEventsOfObjects(walk.reader, walk.asker, { objects: climbed.objects, limit: MAX_EVENTS, known: own, asOf }),
    descend(walk, { object, up: climbed.objects, own }),
  ]);
  const upRows = above.filter((row) => !namesSibling(row, object));
  return {
    up: climbed.objects,
    down: descended.objects,
    upLinks: climbed.links,
    rows: [...own, ...upRows, ...descended.rows],
    isTruncated: {
      events: own.length > MAX_EVENTS || above.length >= MAX_EVENTS || descended.rows.length >= MAX_EVENTS,
      objects: climbed.isTruncated || descended.isTruncated,
    },
  };
}

async function climb({ reader, asker, links, asOf }: Walk, object: ObjectKey) {
  const seen = new Map([[toKeyText(object), object]]);
  const followed: ObjectLink[] = [];
  let frontier: ObjectKey[] = [object];
  let isTruncated = false;
  for (let depth = 0; frontier.length > 0 && depth < MAX_DEPTH; depth++) {
    const found = await listParents(reader, asker, { objects: frontier, asOf });
    const declared = found.filter(({ from, to }) => links.isDeclared(from.type, to.type));
    const fresh = toDistinct(declared.map(({ from }) => from)).filter((from) => !seen.has(toKeyText(from)));
    const room = MAX_OBJECTS_ASKED - seen.size;
    isTruncated ||= fresh.length > room;
    frontier = fresh.slice(0, Math.max(0, room));
    for (const next of frontier) seen.set(toKeyText(next), next);
    followed.push(...declared.filter(({ from, to }) => seen.has(toKeyText(from)) && seen.has(toKeyText(to))));
  }
  seen.delete(toKeyText(object));
  return { objects: [...seen.values()], links: followed, isTruncated };
}

async function descend(
  { reader, asker, links, asOf }: Walk,
  start: { object: ObjectKey; up: readonly ObjectKey[]; own: readonly EventRow[] },
) {
  const closure = new Set([start.object, ...start.up].map(toKeyText));
  const down: ObjectKey[] = [];
  const rows = new Set<EventRow>();
  const read = new Set(start.own);
  let frontier = [start.object];
  let latest = start.own;
  let isTruncated = false;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const fresh = listChildren(links, frontier, latest).filter((child) => !closure.has(toKeyText(child)));
    const room = MAX_OBJECTS_ASKED - down.length;
    isTruncated ||= fresh.length > room;
    frontier = fresh.slice(0, Math.max(0, room));
    if (frontier.length === 0 || rows.size >= MAX_EVENTS) break;
    down.push(...frontier);
    for (const child of frontier) closure.add(toKeyText(child));
    const found = await listEventsOfObjects(reader, asker, {
      objects: frontier,
      limit: MAX_EVENTS - rows.size,
      known: [...read],
      asOf,
    });
    for (const row of found) read.add(row);
    latest = [...read].filter((row) => namesAny(row, frontier) && isNearest(row, { links, closure }));
    for (const row of latest) rows.add(row);
  }
  return { objects: down, rows: [...rows.difference(new Set(start.own))], isTruncated };
}

function namesAny(row: EventRow, objects: readonly ObjectKey[]): boolean {
  return row.object_ids.some((id, index) =>
    objects.some((object) => object.id === id && object.type === row.object_types[index]),
  );
}

/** True when the objects that an event belongs to are reached, and not only others that it also names. */
function isNearest(row: EventRow, { links, closure }: { links: FlowLinks; closure: ReadonlySet<string> }): boolean {
  return links.listNearest(toObjects(row)).some((nearest) => nearest.some((one) => closure.has(toKeyText(one))));
}

/** The objects that events name together with one of `parents`, where a link leads from that one to them. */
function listChildren(links: FlowLinks, parents: readonly ObjectKey[], rows: readonly EventRow[]): ObjectKey[] {
  const keys = new Set(parents.map(toKeyText));
  return toDistinct(
    rows.flatMap((row) => {
      const objects = toObjects(row);
      const present = objects.filter((object) => keys.has(toKeyText(object)));
      return objects.filter((object) => present.some((parent) => links.isDeclared(parent.type, object.type)));
    }),
  );
}

/** True when an event tells of another object of the same type and not of this one. */
function namesSibling(row: EventRow, object: ObjectKey): boolean {
  const same = toObjects(row).filter(({ type }) => type === object.type);
  return same.length > 0 && same.every(({ id }) => id !== object.id);
}

export function toObjects(row: EventRow): ObjectKey[] {
  return row.object_types.map((type, index) => ({ type, id: row.object_ids[index] ?? "" }));
}
