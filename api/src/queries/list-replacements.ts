import { z } from "zod";
import type { TranslationReplacement } from "../contract/crosswalk.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { instant } from "@throughline/schemas/text";

const MAX_ROWS = 1000;

const replacementRow = z.object({
  replaced: z.string(),
  replacement: z.string(),
  interface: z.string(),
  site: z.string(),
  documents: z.int(),
  lost: z.int(),
  oldest: instant,
  newest: instant,
  told_at: instant,
});

/** What became at edges of the documents for which translations of a value were replaced, as each edge said it last. */
export async function listReplacements(
  reader: StoreReader,
  asker: Asker,
  of: { crosswalk: string; value: string },
): Promise<TranslationReplacement[]> {
  const rows = await reader.ask(asker, {
    caller: "list-mapping-replacements",
    sql: `SELECT replaced, replacement, interface, site, argMax(documents, told) AS documents, argMax(lost, told) AS lost,
        argMax(oldest, told) AS oldest, argMax(newest, told) AS newest, max(told) AS told_at
      FROM (
        SELECT replaced, replacement, interface, site, domain, at AS told, documents, lost, oldest, newest
        FROM mapping_replacements WHERE crosswalk = {crosswalk: String} AND value = {value: String})
      GROUP BY replaced, replacement, interface, site, domain ORDER BY told_at DESC, interface, site LIMIT ${MAX_ROWS}`,
    values: of,
    row: replacementRow,
  });
  return rows.map(({ told_at: toldAt, ...row }) => ({ ...row, toldAt }));
}
