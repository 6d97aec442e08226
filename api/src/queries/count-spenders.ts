import { verdict } from "@throughline/schemas/leg";
import { z } from "zod";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { selectCountedLegs, sumUnseen } from "./counted-legs.ts";
import type { SloFilter } from "./sum-judged-legs.ts";

const MAX_ROWS = 50_000;

/** What the legs of an objective are told apart by. */
export const SPENDER_KINDS = ["leg", "supplier", "site"] as const;
export type SpenderKind = (typeof SPENDER_KINDS)[number];

const spenderRow = z
  .object({ value: z.string(), verdict, count: z.int(), unseen: z.int() })
  .transform(({ count: legs, ...row }) => ({ ...row, legs }));
export type SpenderRow = z.infer<typeof spenderRow>;

/** How many legs stand at each verdict, by leg, supplier or site, from the rollups alone. */
export async function countSpenders(
  reader: StoreReader,
  asker: Asker,
  { filter, range, kind }: { filter: SloFilter; range: TimeRange; kind: SpenderKind },
): Promise<SpenderRow[]> {
  const counted = selectCountedLegs(asker, { ...filter, range });
  return reader.ask(counted.asker, {
    caller: "count-spenders",
    sql: `SELECT ${kind} AS value, verdict, ${sumUnseen({ range })} AS unseen, sum(legs) AS count
      FROM ${counted.sql}
      GROUP BY value, verdict
      HAVING count != 0
      LIMIT ${MAX_ROWS}`,
    values: counted.values,
    row: spenderRow,
  });
}
