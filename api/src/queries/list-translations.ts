import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { TranslationPage, TranslationsQuery } from "../contract/crosswalk.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { toTranslation, TRANSLATION_COLUMNS, translationRow } from "./translation-row.ts";

type TranslationFilter = Omit<TranslationsQuery, "limit" | "cursor" | "format">;

const CONDITIONS: Conditions<keyof TranslationFilter> = {
  state: "state IN {state: Array(String)}",
  crosswalk: "crosswalk IN {crosswalk: Array(String)}",
  kind: "kind IN {kind: Array(String)}",
  site: "site = '' OR site IN {site: Array(String)}",
  importId: "import_id IN {importId: Array(String)}",
  from: "from_value = {from: String}",
  on: "effective_from <= {on: String} AND (effective_to = '' OR effective_to >= {on: String})",
  q: `positionCaseInsensitiveUTF8(concat(from_value, ' ', to_value, ' ', reason, ' ', proposer, ' ', decider), {q: String}) > 0`,
};

const place = z.object({ changedAt: instant, id: z.string() });

/** One page of the translations as they stand now, last changed first. */
export async function listTranslations(
  reader: StoreReader,
  asker: Asker,
  { filter, limit, cursor }: { filter: TranslationFilter; limit: number; cursor: string | undefined },
): Promise<TranslationPage> {
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  const where = whereGiven(CONDITIONS, filter);
  const behind = `(at < {placeAt: DateTime64(3, 'UTC')} OR at = {placeAt: DateTime64(3, 'UTC')} AND id > {placeId: String})`;
  const rows = await reader.ask(asker, {
    caller: "list-translations",
    sql: `SELECT ${TRANSLATION_COLUMNS} FROM (
        SELECT * FROM crosswalk_entries ORDER BY id, revision DESC, request_id LIMIT 1 BY id)
      WHERE ${where.sql} ${after === undefined ? "" : `AND ${behind}`}
      ORDER BY at DESC, id
      LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      limit: limit + 1,
      ...(after && { placeAt: toStoreTime(after.changedAt), placeId: after.id }),
    },
    row: translationRow,
  });
  const items = rows.slice(0, limit).map(toTranslation);
  const last = items.at(-1);
  const next = rows.length > limit && last ? { changedAt: last.changedAt, id: last.id } : undefined;
  return { items, nextCursor: next ? toCursor(next, filter) : null };
}
