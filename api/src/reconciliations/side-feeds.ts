import { type Carriers, createCarriers } from "../projections/feeds/carriers.ts";
import type { FeedRule } from "../projections/feeds/feed-rule.ts";
import { UNHEARD, findSilenceAt, toWatermark } from "../projections/feeds/feed-state.ts";
import type { Feed } from "../projections/reconciliations/classify.ts";
import type { Side } from "../projections/reconciliations/entry.ts";
import type { ReconciliationModel } from "../projections/reconciliations/model.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { listCarriedTypes } from "../queries/list-carried-types.ts";
import { toStoreTime } from "../queries/conditions.ts";
import type { ReconciledStep } from "../queries/find-reconciled-step.ts";
import { findUnreconciled } from "../queries/find-unreconciled.ts";
import { listFeedStates, listFeedStatesAt } from "../queries/list-feed-states.ts";

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

/** So little behind, no more is taken back than what has just come. */
const BEHIND_MS = 60_000;

/**
 * How far both sides are complete: the least watermark of the sources that ever sent their events, as far as these are
 * reconciled; what waits for that is not known yet. With `known`, as it was at `now`, an earlier moment. A side of which nothing was ever heard is not complete at all.
 */
export async function readSideFeeds(
  reader: StoreReader,
  asker: Asker,
  { ruleOf, now, known }: { ruleOf: (source: string) => FeedRule; now: number; known?: ReconciledStep | undefined },
): Promise<FeedsOf> {
  const [states, carried, unreconciled = now] = await Promise.all([
    known === undefined ? listFeedStates(reader, asker) : listFeedStatesAt(reader, asker, now),
    listCarriedTypes(reader, asker, { asOf: known && toStoreTime(now), ceiling: undefined }),
    findUnreconciled(reader, asker, known),
  ]);
  const carriers = createCarriers(carried);
  const at = Math.min(now, unreconciled);
  const isBehind = at < now - BEHIND_MS;
  const reconciled = isBehind ? await listFeedStatesAt(reader, asker, at) : states;
  const listSources = (model: ReconciliationModel, side: Side, sites: readonly string[] | undefined) => {
    const types = model.sides[side].events.map(({ matcher }) => matcher.type);
    return [...new Set(types.flatMap((type) => listSenders(carriers, type, sites)))].toSorted().map((source) => {
      const [state, rule] = [states.get(source) ?? UNHEARD, ruleOf(source)];
      const isSilent = state.blind !== undefined || (findSilenceAt(state, rule) ?? Infinity) <= now;
      const reading = { rule, now: isBehind ? at : now };
      const { at: watermark } = toWatermark(source, reconciled.get(source) ?? UNHEARD, reading);
      return { source, watermark: Math.min(watermark, at), isSilent };
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
  const listAt = (site: string) => carriers.list([type], { site, supplier: "" });
  if (sites !== undefined) return sites.flatMap(listAt);
  return ["", ...carriers.listSites([type])].flatMap(listAt);
}
