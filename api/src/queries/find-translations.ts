import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { TRANSLATION_COLUMNS, type TranslationRow, translationRow } from "./translation-row.ts";

/** Most translations that are kept, and so that any answer holds. */
export const MAX_TRANSLATIONS = 200_000;
const MAX_REVISIONS = 10_000;
const CURRENT = `(SELECT * FROM crosswalk_entries WHERE id IN (SELECT id FROM crosswalk_entries WHERE {where})
  ORDER BY id, revision DESC, request_id LIMIT 1 BY id)`;

/** All revisions of a translation, oldest first; none where the asker may not see it. */
export function listRevisions(reader: StoreReader, asker: Asker, id: string): Promise<TranslationRow[]> {
  return reader.ask(asker, {
    caller: "list-translation-revisions",
    sql: `SELECT ${TRANSLATION_COLUMNS} FROM crosswalk_entries WHERE id = {id: String}
      ORDER BY revision, request_id LIMIT 1 BY revision LIMIT ${MAX_REVISIONS}`,
    values: { id },
    row: translationRow,
  });
}

/** The translations of these ids as they stand now, as far as the asker may see them. */
export function findTranslations(reader: StoreReader, asker: Asker, ids: readonly string[]): Promise<TranslationRow[]> {
  return reader.ask(asker, {
    caller: "find-translations",
    sql: `SELECT ${TRANSLATION_COLUMNS} FROM ${CURRENT.replace("{where}", "id IN {ids: Array(String)}")}
      ORDER BY id LIMIT ${MAX_TRANSLATIONS}`,
    values: { ids },
    row: translationRow,
  });
}

/** What an import proposed and nobody has decided about. */
export function findProposedOfImport(reader: StoreReader, asker: Asker, importId: string): Promise<TranslationRow[]> {
  return reader.ask(asker, {
    caller: "find-proposed-of-import",
    sql: `SELECT ${TRANSLATION_COLUMNS} FROM ${CURRENT.replace("{where}", "import_id = {importId: String}")}
      WHERE state = 'proposed' ORDER BY id LIMIT ${MAX_TRANSLATIONS}`,
    values: { importId },
    row: translationRow,
  });
}

/** What holds of these values or leads back from these, whoever may see it: no scope may hide a conflict. */
export function findApproved(
  reader: StoreReader,
  { from, to }: { from: readonly string[]; to: readonly string[] },
): Promise<TranslationRow[]> {
  const where = "from_value IN {from: Array(String)} OR (reversible = 1 AND to_value IN {to: Array(String)})";
  return reader.ask(
    { scope: EVERYTHING },
    {
      caller: "find-approved-translations",
      sql: `SELECT ${TRANSLATION_COLUMNS} FROM ${CURRENT.replace("{where}", where)}
      WHERE state = 'approved' ORDER BY id LIMIT ${MAX_TRANSLATIONS}`,
      values: { from, to },
      row: translationRow,
    },
  );
}

/** How many there are, whoever may see them. */
export async function countTranslations(reader: StoreReader): Promise<number> {
  const [row] = await reader.ask(
    { scope: EVERYTHING },
    {
      caller: "count-translations",
      sql: "SELECT uniqExact(id) AS count FROM crosswalk_entries LIMIT 1",
      values: {},
      row: z.object({ count: z.number() }),
    },
  );
  return row?.count ?? 0;
}
