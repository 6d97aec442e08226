import type { Reconciliation } from "@throughline/schemas/pack/reconciliation";
import type { ReconciliationList } from "../contract/reconciliation.ts";
import { toHref } from "../http/href.ts";
import type { Feed } from "../projections/reconciliations/classify.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { OpenItemsAt } from "../queries/open-items.ts";
import { sumOpenItems } from "../queries/sum-open-items.ts";
import { toInstant } from "../queries/time-range.ts";
import { toDrift } from "./build-statement.ts";
import type { ItemFinder } from "./item-finder.ts";

/** All reconciliations with what is open now, or was known to be open at a moment; each unit by itself. */
export async function listReconciliations(
  reader: StoreReader,
  asker: Asker,
  { finder, asOf }: { finder: ItemFinder; asOf?: string | undefined },
): Promise<ReconciliationList> {
  const find = await finder.open(asker, asOf);
  const items = finder.models.map(async ({ rule }) => {
    const { at, isKept, asked } = find(rule.id, {});
    const open = await sumOpenItems(reader, asker, at);
    const context = { id: rule.id, accountLimit: rule.materiality.account, to: toInstant(at.cutoff), asked };
    return {
      id: rule.id,
      ...describeRule(rule),
      isKept,
      feeds: toFeeds(at.feeds),
      units: [...new Set(open.map(({ unit }) => unit))].toSorted().map((unit) => toDrift(unit, open, context)),
      statementHref: toHref(`/reconciliations/${encodeURIComponent(rule.id)}/statement`, asked),
    };
  });
  return { items: await Promise.all(items) };
}

export function describeRule({ title, domain, owner, a, b, measure, response }: Reconciliation) {
  return { title, domain, owner, a: a.title, b: b.title, measure: measure.kind, response };
}

export function toFeeds({ a, b }: OpenItemsAt["feeds"]) {
  const toFeed = ({ watermark, isSilent }: Feed) => ({
    completeTo: watermark > 0 ? toInstant(watermark) : null,
    isSilent,
  });
  return { a: toFeed(a), b: toFeed(b) };
}
