import { createCarriers } from "../projections/feeds/carriers.ts";
import type { FeedRule } from "../projections/feeds/feed-rule.ts";
import { UNHEARD, findSilenceAt, toWatermark } from "../projections/feeds/feed-state.ts";
import type { Feed } from "../projections/reconciliations/classify.ts";
import type { Side } from "../projections/reconciliations/entry.ts";
import type { ReconciliationModel } from "../projections/reconciliations/model.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { listCarriedTypes } from "../queries/list-carried-types.ts";
import { listFeedStates } from "../queries/list-feed-states.ts";

export type FeedsOf = (model: ReconciliationModel) => Record<Side, Feed>;

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
  const feedOf = (model: ReconciliationModel, side: Side): Feed => {
    const types = model.sides[side].events.map(({ matcher }) => matcher.type);
    const senders = new Set(types.flatMap((type) => [...carriers.list([type]), ...listBySite(carriers, type)]));
    const feeds = [...senders].map((source) => {
      const [state, rule] = [states.get(source) ?? UNHEARD, ruleOf(source)];
      const isSilent = state.blind !== undefined || (findSilenceAt(state, rule) ?? Infinity) <= now;
      return { watermark: toWatermark(source, state, { rule, now }).at, isSilent };
    });
    if (feeds.length === 0) return { watermark: 0, isSilent: true };
    return {
      watermark: Math.max(0, Math.min(...feeds.map(({ watermark }) => watermark))),
      isSilent: feeds.some(({ isSilent }) => isSilent),
    };
  };
  return (model) => ({ a: feedOf(model, "a"), b: feedOf(model, "b") });
}

function listBySite(carriers: ReturnType<typeof createCarriers>, type: string): string[] {
  return carriers.listSites([type]).flatMap((site) => carriers.list([type], site));
}
