import type { Journey, JourneyObject, ObjectRelation } from "../contract/journey.ts";
import { toJourneyHref } from "../http/href.ts";
import type { ObjectKey } from "../queries/list-events-of-objects.ts";
import type { ObjectLink } from "../queries/list-parents.ts";
import type { FlowLinks } from "./flow-links.ts";
import type { FoldedEvent } from "./fold-events.ts";
import { toKeyText } from "./object-key.ts";

const MAX_NODES = 300;
const MAX_LINKS = 1000;
const RANK: Record<ObjectRelation, number> = { self: 0, upstream: 1, downstream: 2, beside: 3 };

interface Parts {
  object: ObjectKey;
  up: readonly ObjectKey[];
  down: readonly ObjectKey[];
  upLinks: readonly ObjectLink[];
  events: readonly FoldedEvent[];
  links: FlowLinks;
}

/** The objects that the events of a journey name, and the declared links between them. */
export function toObjectGraph(parts: Parts): { graph: Journey["objects"]; isTruncated: boolean } {
  const nodes = listNodes(parts);
  const shown = nodes.slice(0, MAX_NODES);
  const keys = new Set(shown.map(toKeyText));
  const links = listLinks(parts).filter(({ from, to }) => keys.has(toKeyText(from)) && keys.has(toKeyText(to)));
  return {
    graph: { nodes: shown, links: links.slice(0, MAX_LINKS) },
    isTruncated: nodes.length > MAX_NODES || links.length > MAX_LINKS,
  };
}

function listNodes({ object, up, down, events, links }: Parts): JourneyObject[] {
  const relations = new Map<string, ObjectRelation>([
    ...down.map((one) => [toKeyText(one), "downstream"] as const),
    ...up.map((one) => [toKeyText(one), "upstream"] as const),
    [toKeyText(object), "self"],
  ]);
  const counted = events.filter(({ standing }) => standing === "counts");
  const named = Map.groupBy(
    counted.flatMap(({ objects, time }) => objects.map(({ type, id }) => ({ type, id, time }))),
    toKeyText,
  );
  const all = new Map([object, ...up, ...down, ...[...named.values()].flat()].map((one) => [toKeyText(one), one]));
  return [...all]
    .map(([key, { type, id }]) => {
      const times = (named.get(key) ?? []).map(({ time }) => time).toSorted();
      return {
        type,
        id,
        title: links.titleOf(type),
        relation: relations.get(key) ?? "beside",
        events: times.length,
        firstAt: times[0] ?? null,
        lastAt: times.at(-1) ?? null,
        href: toJourneyHref({ type, id }),
      };
    })
    .toSorted((a, b) => RANK[a.relation] - RANK[b.relation] || b.events - a.events || (a.href < b.href ? -1 : 1));
}

function listLinks({ events, links, upLinks }: Parts): Journey["objects"]["links"] {
  const found = new Map<string, Journey["objects"]["links"][number]>();
  const add = (from: ObjectKey, to: ObjectKey, count: number) => {
    const key = `${toKeyText(from)}\u0001${toKeyText(to)}`;
    const known = found.get(key);
    found.set(key, { from: toPlain(from), to: toPlain(to), events: (known?.events ?? 0) + count });
  };
  for (const { from, to } of upLinks) add(from, to, 0);
  for (const { objects, standing } of events) {
    if (standing !== "counts" || found.size > MAX_LINKS) continue;
    for (const from of objects) for (const to of objects) if (links.isDeclared(from.type, to.type)) add(from, to, 1);
  }
  return [...found.values()];
}

function toPlain({ type, id }: ObjectKey): ObjectKey {
  return { type, id };
}
