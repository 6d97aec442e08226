import { ZERO, add } from "@throughline/schemas/exact/rational";
import { AGE_BANDS } from "../../projections/reconciliations/age.ts";
import { ITEM_CLASSES } from "../../projections/reconciliations/classify.ts";
import { ITEM_CAUSES } from "../../projections/reconciliations/find-cause.ts";
import type { RowSum } from "../../queries/sum-checkpoint-rows.ts";
import type { FlowSum } from "../../queries/sum-item-flows.ts";
import type { OpenSum } from "../../queries/sum-open-items.ts";
import type { CheckpointRow } from "./checkpoint-rows.ts";

/** What a statement is made of. */
export interface StatementSums {
  opening: readonly Pick<OpenSum, "unit" | "items" | "gross">[];
  flows: FlowSum[];
  closing: OpenSum[];
}

/** Adds rows up as the store does. */
export function sumRows(rows: readonly CheckpointRow[]): RowSum[] {
  const sums = new Map<string, RowSum>();
  for (const { kind, unit, class: name, cause, days, isBeyond, count, value, gross } of rows) {
    const key = [kind, unit, name, cause, days].join("\u0000");
    const known = sums.get(key) ?? {
      kind,
      unit,
      class: name,
      cause,
      days,
      items: 0,
      beyond: 0,
      value: ZERO,
      gross: ZERO,
    };
    sums.set(key, {
      ...known,
      items: known.items + count,
      beyond: known.beyond + (isBeyond ? 1 : 0),
      value: add(known.value, value),
      gross: add(known.gross, gross),
    });
  }
  return [...sums.values()];
}

/** The sums of a checkpoint's rows in the form that statements are built from. */
export function toStatementSums(sums: readonly RowSum[]): StatementSums {
  const opening = sums
    .filter(({ kind }) => kind === "opening")
    .map(({ unit, items, gross }) => ({ unit, items, gross }));
  const closing = sums.flatMap((sum): OpenSum[] => {
    const named = ITEM_CLASSES.find((each) => each === sum.class);
    const cause = ITEM_CAUSES.find((each) => each === sum.cause);
    const days = AGE_BANDS.find(({ band }) => band === sum.days)?.band;
    if (sum.kind !== "open" || !named || !cause || !days) return [];
    return [{ ...sum, class: named, cause, days, net: sum.value }];
  });
  const flows = sums.flatMap(({ kind, unit, items, value, gross }): FlowSum[] => {
    if (kind === "opening" || kind === "open" || kind === "posting") return [];
    return [{ kind, unit, items, value: gross, before: value, items_before: 0, value_before: ZERO }];
  });
  return { opening, flows, closing };
}
