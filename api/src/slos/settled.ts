import type { Flow } from "@throughline/schemas/pack/flow";
import type { Source } from "../contract/source.ts";
import type { Carriers } from "../projections/feeds/carriers.ts";

/** How late an event may come of a feed that nothing is known of, as evaluation has it. */
const DEFAULT_LAG_MS = 300_000;

/** Up to when legs are judged for good, and how many feeds end them; `blind` of these are silent or do not say how far they are. */
export interface Settled {
  atMs: number;
  feeds: number;
  blind: number;
}

/** What is known of the feeds: who can carry what, and how each stands. */
export interface KnownFeeds {
  carriers: Pick<Carriers, "list" | "listSites" | "listAll">;
  sources: readonly Pick<Source, "source" | "state" | "completeTo">[];
  now: number;
}

/**
 * Up to when the ends of some legs are known: the least over the feeds that can carry them, without those that are silent,
 * which what they last said stands for. Of some sites or suppliers only the feeds are asked that can carry theirs.
 * Windows that end there hold no leg whose breach a late event could still undo, and none that is only missing because
 * nobody has judged it yet.
 */
export function findSettled(
  flow: Flow,
  { legs, sites, suppliers }: { legs: readonly string[]; sites: readonly string[]; suppliers: readonly string[] },
  { carriers, sources, now }: KnownFeeds,
): Settled {
  const milestones = new Set(flow.legs.filter(({ id }) => legs.includes(id)).map(({ to }) => to));
  const names = new Set(
    [...milestones].flatMap((id) => {
      const types = (flow.milestones[id]?.events ?? []).map(({ type }) => type);
      return listSenders(carriers, types, { sites, suppliers });
    }),
  );
  const senders = sources.filter(({ source }) => names.has(source));
  if (senders.length === 0) return { atMs: now - DEFAULT_LAG_MS, feeds: 0, blind: 0 };
  const heard = senders.filter(({ state }) => state !== "silent");
  const known = (heard.length > 0 ? heard : senders).flatMap(({ completeTo }) =>
    completeTo === null ? [] : Date.parse(completeTo),
  );
  const blind = senders.filter(({ state, completeTo }) => state === "silent" || completeTo === null).length;
  const atMs = heard.length === 0 ? Math.max(...known) : Math.min(...known);
  return { atMs: Math.min(now, Number.isFinite(atMs) ? atMs : now - DEFAULT_LAG_MS), feeds: senders.length, blind };
}

function listSenders(
  carriers: KnownFeeds["carriers"],
  types: readonly string[],
  { sites, suppliers }: { sites: readonly string[]; suppliers: readonly string[] },
): readonly string[] {
  if (sites.length === 0 && suppliers.length === 0) return carriers.listAll(types);
  const places = sites.length > 0 ? sites : ["", ...carriers.listSites(types)];
  return places.flatMap((site) =>
    (suppliers.length > 0 ? suppliers : [""]).flatMap((supplier) => carriers.list(types, { site, supplier })),
  );
}
