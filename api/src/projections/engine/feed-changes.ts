import { BATCH_TYPE } from "@throughline/schemas/event";
import type { Fact } from "../fact.ts";
import type { CarriedType } from "../feeds/carriers.ts";
import type { FeedState } from "../feeds/feed-state.ts";
import type { GapChange } from "../feeds/numbering.ts";
import type { Standing } from "./contests.ts";
import type { StoredFact } from "./fact-columns.ts";
import type { Silence, SourceBook } from "./source-book.ts";

interface Place {
  source: string;
  site: string;
  domain: string;
}

/** What a step changes in what is known of the sources. */
export interface FeedChanges {
  states: ReadonlyMap<string, FeedState>;
  newTypes: CarriedType[];
  intervals: (Place & { since: number; from: number; until: number | undefined })[];
  behind: { fact: Fact; ms: number }[];
  gaps: (Place & GapChange)[];
  trailers: { fact: Fact; counted: number }[];
}

/** Takes in what a step read, in its order, and who fell silent by it. */
export function observeFeeds(
  book: SourceBook,
  arrived: { facts: readonly { fact: StoredFact }[]; standings: ReadonlyMap<Fact, Standing> },
  silences: readonly Silence[],
): FeedChanges {
  const states = new Map<string, FeedState>();
  const changes: FeedChanges = { states, newTypes: [], intervals: [], behind: [], gaps: [], trailers: [] };
  const placeOf = (source: string): Place => ({ source, ...book.findPlace(source) });
  for (const { fact } of arrived.facts) {
    const counted = book.findState(fact.source)?.counted ?? 0;
    const isRepeat = arrived.standings.get(fact) === "duplicate";
    const seen = book.observe(fact, isRepeat);
    const { source, type } = fact;
    states.set(source, seen.state);
    changes.newTypes.push(...seen.newTypes);
    if (seen.behindMs > 0) changes.behind.push({ fact, ms: seen.behindMs });
    if (seen.ended) changes.intervals.push({ ...placeOf(source), ...seen.ended });
    for (const change of seen.gapChanges) changes.gaps.push({ ...placeOf(source), ...change });
    if (type === BATCH_TYPE && !isRepeat) changes.trailers.push({ fact, counted });
  }
  for (const silence of silences) {
    book.fallSilent(silence);
    const { source, since, from } = silence;
    changes.intervals.push({ ...placeOf(source), since, from, until: undefined });
    const state = book.findState(source);
    if (state) states.set(source, state);
  }
  return changes;
}
