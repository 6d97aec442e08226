import type { Fact } from "../fact.ts";
import { type CarriedType, createCarriers } from "../feeds/carriers.ts";
import type { FeedRule } from "../feeds/feed-rule.ts";
import { type FeedState, findSilenceAt, toWatermark, UNHEARD } from "../feeds/feed-state.ts";
import { type FeedObservation, isFeedType, observeFeed } from "../feeds/observe-feed.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import type { Watermark } from "../legs/leg-state.ts";

const DEFAULT_LAG_MS = 300_000;

/** A source that was not heard of for longer than it may be. */
export interface Silence {
  source: string;
  /** Arrival of the last sign of life. */
  since: number;
  /** Its watermark then: of later event times nothing is known. */
  from: number;
}

/** What is known of the sources: what they send, up to when they are complete, and which of them are silent. */
export interface SourceBook {
  /** Takes in a fact; `isNewType` when its source never sent this type for this site before. */
  observe: (fact: Fact & { sequence: number }, isRepeat: boolean) => FeedObservation & { isNewType: boolean };
  /** Up to when a milestone is complete for a site: the least over the sources that can carry it. Never passes `now`. */
  watermarkOf: (model: FlowModel, milestone: string, at: { site: string | undefined; now: number }) => Watermark;
  /** The sites for which sources carry a milestone; for any other the watermark of an undefined site holds. */
  listSites: (model: FlowModel, milestone: string) => readonly string[];
  /** Up to when one source is complete. */
  sourceWatermark: (source: string, now: number) => number;
  /** Sources that fall silent by `now` and were not known to be. */
  listSilent: (now: number) => Silence[];
  fallSilent: (silence: Silence) => void;
  findState: (source: string) => FeedState | undefined;
  /** What is known of sources, with the watermark that evaluation goes by at `now`, below which it never falls again. */
  snapshot: (sources: Iterable<string>, now: number) => Record<string, FeedState>;
  restore: (states: Readonly<Record<string, FeedState>>) => void;
  /** What a source ever sent, as `type\u0000site`, in order. */
  listTypes: (source: string) => readonly string[];
  findPlace: (source: string) => { site: string; domain: string };
}

export interface KnownSources {
  states: ReadonlyMap<string, FeedState>;
  types: readonly CarriedType[];
}

const NOTHING: KnownSources = { states: new Map(), types: [] };

export function createSourceBook(ruleOf: (source: string) => FeedRule, known: KnownSources = NOTHING): SourceBook {
  const states = new Map(known.states);
  const carriers = createCarriers(known.types);
  const findWatermark = (source: string, now: number) =>
    toWatermark(source, states.get(source) ?? UNHEARD, { rule: ruleOf(source), now });
  return {
    observe: (fact, isRepeat) => {
      const { source, type, site, domain } = fact;
      const before = states.get(source) ?? UNHEARD;
      const observation = observeFeed(before, fact, { rule: ruleOf(source), isRepeat });
      states.set(source, observation.state);
      const isNewType = !isFeedType(type) && carriers.add({ source, type, site, domain });
      return { ...observation, isNewType };
    },
    watermarkOf: (model, milestone, { site, now }) => {
      const senders = carriers.list(listTypes(model, milestone), site);
      const watermarks = senders.map((source) => findWatermark(source, now));
      const least = watermarks.toSorted((a, b) => a.at - b.at || (a.source < b.source ? -1 : 1))[0];
      return least ?? { source: "", at: now - DEFAULT_LAG_MS, lagMs: DEFAULT_LAG_MS };
    },
    listSites: (model, milestone) => carriers.listSites(listTypes(model, milestone)),
    sourceWatermark: (source, now) => findWatermark(source, now).at,
    listSilent: (now) => {
      const silent: Silence[] = [];
      for (const [source, state] of states) {
        if (state.blind !== undefined) continue;
        const at = findSilenceAt(state, ruleOf(source));
        if (at === undefined || at > now) continue;
        silent.push({ source, since: state.heardAt, from: findWatermark(source, now).at || state.heardAt });
      }
      return silent;
    },
    fallSilent: ({ source, since, from }) => {
      states.set(source, { ...(states.get(source) ?? UNHEARD), blind: { since, from } });
    },
    findState: (source) => states.get(source),
    snapshot: (sources, now) =>
      Object.fromEntries(
        [...new Set(sources)].map((source) => {
          const state = states.get(source) ?? UNHEARD;
          return [source, { ...state, floorAt: Math.max(state.floorAt, findWatermark(source, now).at) }];
        }),
      ),
    restore: (given) => {
      for (const [source, state] of Object.entries(given)) states.set(source, state);
    },
    listTypes: carriers.listTypes,
    findPlace: carriers.findPlace,
  };
}

function listTypes(model: FlowModel, milestone: string): string[] {
  return (model.milestones.find(({ id }) => id === milestone)?.events ?? []).map(({ type }) => type);
}
