import type { Flow } from "@throughline/schemas/pack/flow";
import type { Source } from "../contract/source.ts";

/** How late an event may come of a feed that nothing is known of, as evaluation has it. */
const DEFAULT_LAG_MS = 300_000;

/** Up to when legs are judged for good. `isBlind`: the feeds that end them are silent or do not say. */
export interface Settled {
  atMs: number;
  isBlind: boolean;
}

/**
 * Up to when the ends of some legs are known: the least over the feeds that send them, without those that are silent,
 * which what they last said stands for. Of some sites only the feeds that send for them, or for the group, are asked, where there are
 * any. Windows that end there hold no leg whose breach a late event could still undo,
 * and none that is only missing because nobody has judged it yet.
 */
export function findSettled(
  flow: Flow,
  legs: readonly string[],
  {
    sources,
    sites,
    now,
  }: {
    sources: readonly Pick<Source, "types" | "sites" | "state" | "completeTo">[];
    sites: readonly string[];
    now: number;
  },
): Settled {
  const milestones = new Set(flow.legs.filter(({ id }) => legs.includes(id)).map(({ to }) => to));
  const types = new Set([...milestones].flatMap((id) => flow.milestones[id]?.events ?? []).map((event) => event.type));
  const all = sources.filter((source) => source.types.some((type) => types.has(type)));
  const own = all.filter((source) => source.sites.some((site) => site === "" || sites.includes(site)));
  const senders = sites.length > 0 && own.length > 0 ? own : all;
  if (senders.length === 0) return { atMs: now - DEFAULT_LAG_MS, isBlind: false };
  const heard = senders.filter(({ state }) => state !== "silent");
  const known = (heard.length > 0 ? heard : senders).flatMap(({ completeTo }) =>
    completeTo === null ? [] : Date.parse(completeTo),
  );
  const isBlind = heard.length === 0 || heard.some(({ completeTo }) => completeTo === null);
  const atMs = heard.length === 0 ? Math.max(...known) : Math.min(...known);
  return { atMs: Math.min(now, Number.isFinite(atMs) ? atMs : now - DEFAULT_LAG_MS), isBlind };
}
