import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";

/** A version of something that people change: every one is kept, and says who wrote it and when. */
export interface Version {
  table: "excuse_windows" | "match_work";
  /** The columns that say what it is a version of. */
  key: Readonly<Record<string, string>>;
  version: number;
  row: { at: string; actor: string; state: string };
  requestId: string;
}

const writerRow = z.array(z.object({ writer: z.string() }));

/**
 * Appends a version; of two that are written at the same time one stands. Throws `conflict` for the other one, and `unavailable`
 * when the store does not take it.
 */
export async function storeVersion(writer: ClickHouseClient, version: Version) {
  let isStored: boolean;
  try {
    isStored = await insertVersion(writer, version);
  } catch (cause) {
    throw toUnavailable(cause);
  }
  if (!isStored) throw new AppError("conflict", "Somebody else has just changed it. Read it again and decide then.");
}

export function toUnavailable(cause: unknown): AppError {
  return new AppError("unavailable", "The store does not take changes at the moment.", { cause, retryAfterSeconds: 5 });
}

async function insertVersion(writer: ClickHouseClient, { table, key, version, row, requestId }: Version) {
  const toWriter = `${row.actor} ${row.at} ${row.state} ${requestId}`;
  await writer.insert({
    table,
    values: [{ ...row, ...key, version, request_id: toWriter }],
    format: "JSONEachRow",
    clickhouse_settings: {
      date_time_input_format: "best_effort",
      insert_deduplication_token: `${table}:${JSON.stringify(Object.values(key))}:${version}`,
    },
  });
  const where = Object.keys(key).map((name) => `${name} = {${name}: String}`);
  const result = await writer.query({
    query: `SELECT request_id AS writer FROM ${table} WHERE ${where.join(" AND ")} AND version = {version: UInt32} LIMIT 1`,
    query_params: { ...key, version },
    format: "JSONEachRow",
  });
  const [stored] = writerRow.parse(await result.json());
  return stored?.writer === toWriter;
}
