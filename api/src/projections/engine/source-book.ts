import { type Fact, listSuppliers } from "../fact.ts";
import { type CarriedType, createCarriers, type LegPlace } from "../feeds/carriers.ts";
import type { FeedRule } from "../feeds/feed-rule.ts";
import { type FeedState, findSilenceAt, toWatermark, UNHEARD } from "../feeds/feed-state.ts";
import { type FeedObservation, isFeedType, observeFeed } from "../feeds/observe-feed.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import type { Watermark } from "../legs/leg-state.ts";

/** How late an event may come of a feed that nothing is known of. */
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
  /** Takes in a fact; `newTypes` are what its source never sent before: this type, for this site or supplier. */
  observe: (
    fact: Fact & { sequence: number },
    isRepeat: boolean,
  ) => FeedObservation & { newTypes: readonly CarriedType[] };
  /** The sources that can carry a milestone for a leg; empty when nobody ever sent one of its events. */
  listCarriers: (model: FlowModel, milestone: string, place: LegPlace) => readonly string[];
  /** The sites, and the suppliers by name, for which sources carry a milestone. */
  listPlaces: (model: FlowModel, milestone: string) => { sites: readonly string[]; suppliers: readonly string[] };
  /** Up to when one source is complete; never passes `now`. */
  findWatermark: (source: string, now: number) => Watermark;
  /** All sources that ever sent something of the business. */
  listSources: () => readonly string[];
  /** Sources that fall silent by `now` and were not known to be. */
  listSilent: (now: number) => Silence[];
  fallSilent: (silence: Silence) => void;
  findState: (source: string) => FeedState | undefined;
  /** What is known of sources, with the watermark that evaluation goes by at `now`, below which it never falls again. */
  snapshot: (sources: Iterable<string>, now: number) => Record<string, FeedState>;
  restore: (states: Readonly<Record<string, FeedState>>) => void;
  /** What a source ever sent, in order: `type\u0000site`, and where it is known for whom, behind it each supplier. */
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
  const carriers = createCarriers(known.types, (source) => ruleOf(source).suppliers);
  const typesOf = createTypeLists();
  const findWatermark = (source: string, now: number) =>
    toWatermark(source, states.get(source) ?? UNHEARD, { rule: ruleOf(source), now });
  return {
    observe: (fact, isRepeat) => {
      const { source, type, site, domain } = fact;
      const before = states.get(source) ?? UNHEARD;
      const observation = observeFeed(before, fact, { rule: ruleOf(source), isRepeat });
      states.set(source, observation.state);
      const suppliers = isFeedType(type) ? [] : listSuppliers(fact);
      const newTypes = suppliers.flatMap((supplier) => carriers.add({ source, type, site, domain, supplier }) ?? []);
      return { ...observation, newTypes };
    },
    listCarriers: (model, milestone, place) => carriers.list(typesOf(model, milestone), place),
    listPlaces: (model, milestone) => {
      const types = typesOf(model, milestone);
      return { sites: carriers.listSites(types), suppliers: carriers.listSuppliers(types) };
    },
    findWatermark,
    listSources: carriers.listSources,
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

/** The least of the watermarks of those that can carry a milestone; of nobody, what follows the clock. */
export function findLeast(watermarks: readonly Watermark[], now: number): Watermark {
  let least: Watermark | undefined;
  for (const each of watermarks)
    if (least === undefined || each.at < least.at || (each.at === least.at && each.source < least.source)) least = each;
  return least ?? { source: "", at: now - DEFAULT_LAG_MS, lagMs: DEFAULT_LAG_MS };
}

/** The types of the events that reach a milestone, the same array each time. */
function createTypeLists(): (model: FlowModel, milestone: string) => readonly string[] {
  const known = new WeakMap<FlowModel, Map<string, readonly string[]>>();
  return (model, milestone) => {
    const lists = known.get(model) ?? new Map<string, readonly string[]>();
    known.set(model, lists);
    const list = lists.get(milestone) ?? listTypes(model, milestone);
    lists.set(milestone, list);
    return list;
  };
}

function listTypes(model: FlowModel, milestone: string): string[] {
  return (model.milestones.find(({ id }) => id === milestone)?.events ?? []).map(({ type }) => type);
}
