import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { AppError } from "../error.ts";
import { type KeyRow, keyRow } from "../rows/api-keys.ts";

const TIMEOUT_SECONDS = 10;

const LIST_KEYS = `
  SELECT id, version, name, hash, roles, sites, domains, created_at, created_by, revoked_at, revoked_by
  FROM api_keys
  ORDER BY id, version DESC
  LIMIT 1 BY id
  LIMIT {limit: UInt32}`;

const INSERT_SETTINGS = { date_time_input_format: "best_effort" } as const;

/** The newest row of each key. Throws `unavailable` when the store does not answer. */
export async function listKeyRows(client: ClickHouseClient, limit: number): Promise<KeyRow[]> {
  try {
    const result = await client.query({
      query: LIST_KEYS,
      query_params: { limit },
      format: "JSONEachRow",
      clickhouse_settings: {
        max_execution_time: TIMEOUT_SECONDS,
        date_time_output_format: "iso",
        output_format_json_quote_64bit_integers: 0,
        log_comment: "list-keys",
      },
    });
    return z.array(keyRow).parse(await result.json());
  } catch (cause) {
    throw new AppError("unavailable", "The store of keys does not answer.", { cause, retryAfterSeconds: 5 });
  }
}

/** Appends a version of a key. Throws `unavailable` when the store does not take it. */
export async function insertKeyRow(client: ClickHouseClient, row: KeyRow): Promise<void> {
  try {
    await client.insert({
      table: "api_keys",
      values: [row],
      format: "JSONEachRow",
      clickhouse_settings: INSERT_SETTINGS,
    });
  } catch (cause) {
    throw new AppError("unavailable", "The store of keys does not take changes.", { cause, retryAfterSeconds: 5 });
  }
}

/** The keys as last written to the cache file; none when it is not there or not readable as such. */
export async function readKeyCache(file: string): Promise<KeyRow[]> {
  try {
    return z.array(keyRow).parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return [];
  }
}

/** Replaces the cache file as a whole, so that a reader sees the old or the new one. It holds hashes, no secret. */
export async function writeKeyCache(file: string, rows: KeyRow[]): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(temporary, JSON.stringify(rows), { mode: 0o600 });
  await rename(temporary, file);
}
