import { type MatchRouting, STOPPING_CODES } from "@throughline/schemas/pack/match-routing";
import type { Sql } from "./newest-legs.ts";

const COLUMNS = {
  codes: "codes[1]",
  companies: "company",
  supplierGroups: "supplier_group",
  itemCategories: "item_category",
} as const;

/** SQL of who owns a row, by the rules of configuration in their order; the value `stopping` is given with it. */
export function toOwnerSql(routing: MatchRouting | undefined): Sql {
  const values: Record<string, unknown> = { stopping: STOPPING_CODES };
  const cases = (routing?.rules ?? []).map((rule, index) => {
    const conditions = Object.entries(COLUMNS).flatMap(([name, column]) => {
      const names = Object.entries(rule).find(([key]) => key === name)?.[1];
      if (names === undefined) return [];
      values[`${name}${index}`] = names;
      return [`${column} IN {${name}${index}: Array(String)}`];
    });
    values[`owner${index}`] = rule.owner;
    return `${conditions.join(" AND ") || "1"}, {owner${index}: String}`;
  });
  return { sql: cases.length === 0 ? "''" : `multiIf(${cases.join(", ")}, '')`, values };
}
