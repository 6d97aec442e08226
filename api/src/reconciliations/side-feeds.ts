import { type Carriers, createCarriers } from "../projections/feeds/carriers.ts";
import type { FeedRule } from "../projections/feeds/feed-rule.ts";
import { UNHEARD, findSilenceAt, toWatermark } from "../projections/feeds/feed-state.ts";
import type { Feed } from "../projections/reconciliations/classify.ts";
import type { Side } from "../projections/reconciliations/entry.ts";
import type { ReconciliationModel } from "../projections/reconciliations/model.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { listCarriedTypes } from "../queries/list-carried-types.ts";
import { listFeedStates } from "../queries/list-feed-states.ts";

/** How far a source is known. */
export interface SourceFeed extends Feed {
  source: string;
}

/** How far both sides are complete, and the sources that this depends on. */
export interface SideFeeds {
  feeds: Record<Side, Feed>;
  sources: Record<Side, readonly SourceFeed[]>;
}

/** Of a reconciliation, for some sites or for all. */
export type FeedsOf = (model: ReconciliationModel, sites?: readonly string[]) => SideFeeds;

/**
 * How far both sides are complete: the least watermark of the sources that ever sent their events. A side of which nothing
 * was ever heard is not complete at all.
 */
export async function readSideFeeds(
  reader: StoreReader,
  asker: Asker,
  { ruleOf, now }: { ruleOf: (source: string) => FeedRule; now: number },
): Promise<FeedsOf> {
  const [states, carried] = await Promise.all([
    listFeedStates(reader, asker),
    listCarriedTypes(reader, asker, { asOf: undefined, ceiling: undefined }),
  ]);
  const carriers = createCarriers(carried);
  const listSources = (model: ReconciliationModel, side: Side, sites: readonly string[] | undefined) => {
    const types = model.sides[side].events.map(({ matcher }) => matcher.type);
    return [...new Set(types.flatMap((type) => listSenders(carriers, type, sites)))].toSorted().map((source) => {
      const [state, rule] = [states.get(source) ?? UNHEARD, ruleOf(source)];
      const isSilent = state.blind !== undefined || (findSilenceAt(state, rule) ?? Infinity) <= now;
      return { source, watermark: toWatermark(source, state, { rule, now }).at, isSilent };
    });
  };
  return (model, sites) => {
    const sources = { a: listSources(model, "a", sites), b: listSources(model, "b", sites) };
    return { feeds: { a: toSideFeed(sources.a), b: toSideFeed(sources.b) }, sources };
  };
}

function toSideFeed(sources: readonly SourceFeed[]): Feed {
  if (sources.length === 0) return { watermark: 0, isSilent: true };
  return {
    watermark: Math.max(0, Math.min(...sources.map(({ watermark }) => watermark))),
    isSilent: sources.some(({ isSilent }) => isSilent),
  };
}

function listSenders(carriers: Carriers, type: string, sites: readonly string[] | undefined): string[] {
  if (sites !== undefined) return sites.flatMap((site) => carriers.list([type], site));
  return [...carriers.list([type]), ...carriers.listSites([type]).flatMap((site) => carriers.list([type], site))];
}
