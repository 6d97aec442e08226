import { z } from "zod";
import type { MatchSlot } from "../matches/match-id.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { MATCH_COLUMNS, matchRow } from "./match-row.ts";
import { OF_SLOTS, toSlotChunks } from "./match-slots.ts";

const MAX_ROWS = 100_000;
const FAR = "2199-12-31T00:00:00Z";

const versionRow = matchRow.extend({ batch: z.number(), is_removed: z.int() });
export type MatchVersionRow = z.infer<typeof versionRow>;

/** All results that were ever given of the slots, up to a moment and an evaluation, in their order. */
export async function listMatchVersions(
  reader: StoreReader,
  asker: Asker,
  { slots, asOf, ceiling }: { slots: readonly MatchSlot[]; asOf?: string | undefined; ceiling?: string | undefined },
): Promise<MatchVersionRow[]> {
  const answers = await Promise.all(
    toSlotChunks(slots).map((chunk) =>
      reader.ask(asker, {
        caller: "list-match-versions",
        sql: `SELECT ${MATCH_COLUMNS}, batch, is_removed FROM match_results
          WHERE ${OF_SLOTS} AND batch <= {ceiling: UInt64} AND evaluated_at <= {asOf: DateTime64(3, 'UTC')}
          ORDER BY batch LIMIT ${MAX_ROWS}`,
        values: { slots: chunk, ceiling: ceiling ?? "18446744073709551615", asOf: toStoreTime(asOf ?? FAR) },
        row: versionRow,
      }),
    ),
  );
  return answers.flat();
}
