import { z } from "zod";
import { SLOT_COLUMNS } from "../matches/match-id.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toChunks } from "./chunks.ts";
import { toStoreTime } from "./conditions.ts";
import type { ObjectKey } from "./list-events-of-objects.ts";
import { matchSlotShape } from "./match-row.ts";

const slotRow = z.object(matchSlotShape);
const ORDER_LINE = "purchase_order_line";
const KNOWN = "evaluated_at <= {asOf: DateTime64(3, 'UTC')}";
/** Each part is read by an index of its own. */
const BILLED = `UNION ALL SELECT ${SLOT_COLUMNS} FROM match_results WHERE order_line IN {ids: Array(String)} AND ${KNOWN}`;

/** The slots of subjects: their own, and of order lines those of the invoices that bill on them. */
export async function listSlotsOfSubjects(
  reader: StoreReader,
  asker: Asker,
  { subjects, asOf, limit }: { subjects: readonly ObjectKey[]; asOf: string | undefined; limit: number },
): Promise<z.infer<typeof slotRow>[]> {
  const answers = await Promise.all(
    [...Map.groupBy(subjects, ({ type }) => type)].flatMap(([type, ofType]) =>
      toChunks(
        ofType.map(({ id }) => id),
        (id) => id.length,
      ).map((ids) =>
        reader.ask(asker, {
          caller: "list-slots-of-subjects",
          sql: `SELECT DISTINCT ${SLOT_COLUMNS} FROM (
              SELECT ${SLOT_COLUMNS} FROM match_results WHERE subject_type = {type: String} AND subject_id IN {ids: Array(String)}
                AND ${KNOWN}
              ${type === ORDER_LINE ? BILLED : ""}
            ) ORDER BY ${SLOT_COLUMNS} LIMIT {limit: UInt32}`,
          values: { type, ids, asOf: toStoreTime(asOf ?? "2199-12-31T00:00:00Z"), limit },
          row: slotRow,
        }),
      ),
    ),
  );
  const distinct = new Map(answers.flat().map((slot) => [Object.values(slot).join("\u0000"), slot]));
  return [...distinct.values()];
}
