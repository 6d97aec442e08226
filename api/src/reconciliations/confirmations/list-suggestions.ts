import { absolute, formatDecimal, sum } from "@throughline/schemas/exact/rational";
import type { Limit } from "@throughline/schemas/pack/tolerance";
import type { SuggestionList } from "../../contract/confirmation.ts";
import { toJourneyHref } from "../../http/href.ts";
import { parseIdentity } from "../../projections/fact.ts";
import { exceeds } from "../../projections/matches/tolerance.ts";
import { KEY_SEPARATOR } from "../../projections/reconciliations/entry-key.ts";
import { SUGGESTION_LIMITS, suggestMatches } from "../../projections/reconciliations/suggest.ts";
import type { Asker, StoreReader } from "../../queries/ask.ts";
import { type UnmatchedItem, listUnmatchedItems } from "../../queries/list-unmatched-items.ts";
import type { OpenItemsAt } from "../../queries/open-items.ts";

/** Suggests which open items of different keys could belong together, each unit by itself. Nothing is taken. */
export async function listSuggestions(
  reader: StoreReader,
  asker: Asker,
  { at, unit }: { at: OpenItemsAt; unit: readonly string[] | undefined },
): Promise<SuggestionList> {
  const most = SUGGESTION_LIMITS.items;
  const found = await listUnmatchedItems(reader, asker, { at, most: most + 1, ...(unit && { unit }) });
  const { secondPersonAbove } = at.model.rule;
  const units = [...Map.groupBy(found, (item) => item.unit)];
  return {
    items: units.flatMap(([, own]) => suggestIn(own.slice(0, most), { secondPersonAbove, at })),
    isWhole: units.every(([, own]) => own.length <= most),
  };
}

function suggestIn(
  items: readonly UnmatchedItem[],
  { secondPersonAbove, at }: { secondPersonAbove: Limit; at: OpenItemsAt },
): SuggestionList["items"] {
  // One event may stand under several keys: its place in the list is its name.
  const named = items.map((item, index) => ({
    item: String(index),
    side: item.side,
    value: item.amount,
    isMatched: false,
    since: Date.parse(item.since),
  }));
  return suggestMatches(named).map(({ kind, items: names }) => {
    const group = names.flatMap((name) => items[Number(name.slice(2))] ?? []);
    const gross = sum(group.map(({ amount }) => absolute(amount)));
    return {
      kind,
      unit: group[0]?.unit ?? "",
      gross: formatDecimal(gross),
      items: group.map((item) => toNamedItem(item, at.model.subjectType)),
      needsSecondPerson: exceeds(gross, secondPersonAbove),
    };
  });
}

function toNamedItem({ key: text, side, item, amount, since, site }: UnmatchedItem, type: string) {
  const key = text.split(KEY_SEPARATOR);
  const href = toJourneyHref({ type, id: key[0] ?? "" });
  return { key, side, ...parseIdentity(item), value: formatDecimal(amount), since, site, href };
}
