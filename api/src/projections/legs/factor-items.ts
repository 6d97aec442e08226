import type { FlowModel } from "./flow-model.ts";
import { type Goods, readGoods } from "./goods.ts";
import type { History } from "./summarize.ts";

/** The items whose factors may decide a leg of an instance; none while all that is counted is in one unit. */
export function listFactorItems(model: FlowModel, { facts, base }: Pick<History, "facts" | "base">): string[] {
  if (model.counted.size === 0) return [];
  const stated = facts.flatMap((fact) => readGoods(fact, model.counted.get(fact.type)) ?? []);
  const goods = base === undefined ? stated : [...stated, ...listFolded(base)];
  const units = new Set(goods.flatMap(({ quantities: [first] }) => first?.unit ?? []));
  return units.size < 2 ? [] : [...new Set(goods.flatMap(({ item }) => item ?? []))];
}

function listFolded({ milestones }: NonNullable<History["base"]>): Goods[] {
  return Object.values(milestones).flatMap(({ steps, reversed, restated = [] }) =>
    [...steps, ...reversed, ...restated].flatMap(({ goods }) => goods ?? []),
  );
}
