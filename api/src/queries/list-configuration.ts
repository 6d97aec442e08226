import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";

const MAX_ENTRIES = 50_000;

const packRow = z.object({ first: instant.nullable(), version: z.string() });
const entryRow = z.object({ kind: z.string(), id: z.string(), body: z.string() });

/** An entry as it was written in the configuration of then. */
export type StoredEntry = z.infer<typeof entryRow>;

/** Since when configurations are kept, undefined where none ever was, and the version of the one in force by a moment. */
export async function findConfigurationVersion(
  reader: StoreReader,
  { signal }: Asker,
  atMs: number,
): Promise<{ firstMs: number | undefined; version: string }> {
  const [row] = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "find-configuration-version",
      sql: `SELECT minOrNull(since) AS first, argMaxIf(configuration_versions.version, since, since <= {at: DateTime64(3, 'UTC')}) AS version
        FROM configuration_versions WHERE kind = 'pack' LIMIT 1`,
      values: { at: toStoreTime(atMs) },
      row: packRow,
    },
  );
  return { firstMs: row?.first ? Date.parse(row.first) : undefined, version: row?.version ?? "" };
}

/** The entries in force by a moment, by kind and in their order. */
export async function listConfiguration(reader: StoreReader, { signal }: Asker, atMs: number): Promise<StoredEntry[]> {
  return reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-configuration",
      sql: `SELECT kind, id, body FROM (
          SELECT kind, id, place, is_removed, body FROM configuration_versions
          WHERE kind != 'pack' AND since <= {at: DateTime64(3, 'UTC')}
          ORDER BY kind, id, since DESC LIMIT 1 BY kind, id
        )
        WHERE is_removed = 0 ORDER BY kind, place LIMIT ${MAX_ENTRIES}`,
      values: { at: toStoreTime(atMs) },
      row: entryRow,
    },
  );
}
