import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { ExcuseRow } from "../queries/excuse-row.ts";

/** Most windows that may be kept. */
const MAX_WINDOWS = 10_000;

const countRow = z.array(z.object({ windows: z.coerce.number() }));
const writerRow = z.array(z.object({ writer: z.string() }));

/**
 * Appends a version of a window; of two that are written at the same time one stands. Throws `conflict` for the other one,
 * and `unavailable` when the store does not take it.
 */
export type StoreExcuse = (row: ExcuseRow, requestId: string) => Promise<void>;

export function createStoreExcuse(writer: ClickHouseClient): StoreExcuse {
  const ask = async (query: string, values: Record<string, unknown>): Promise<unknown> => {
    const result = await writer.query({ query, query_params: values, format: "JSONEachRow" });
    return result.json();
  };
  const store = async (row: ExcuseRow, requestId: string) => {
    const { id, version } = row;
    const toWriter = `${row.actor} ${row.at} ${row.state} ${requestId}`;
    await writer.insert({
      table: "excuse_windows",
      values: [{ ...row, request_id: toWriter }],
      format: "JSONEachRow",
      clickhouse_settings: {
        date_time_input_format: "best_effort",
        insert_deduplication_token: `excuse:${id}:${version}`,
      },
    });
    const [stored] = writerRow.parse(
      await ask(
        "SELECT request_id AS writer FROM excuse_windows WHERE id = {id: String} AND version = {version: UInt32} LIMIT 1",
        { id, version },
      ),
    );
    return stored?.writer === toWriter;
  };
  return async (row, requestId) => {
    let isStored: boolean;
    try {
      if (row.version === 1) await assertRoom(ask);
      isStored = await store(row, requestId);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError("unavailable", "The store does not take changes at the moment.", {
        cause,
        retryAfterSeconds: 5,
      });
    }
    if (!isStored) throw new AppError("conflict", "Somebody else has just changed it. Read it again and decide then.");
  };
}

async function assertRoom(ask: (query: string, values: Record<string, unknown>) => Promise<unknown>) {
  const [count] = countRow.parse(await ask("SELECT uniqExact(id) AS windows FROM excuse_windows", {}));
  if ((count?.windows ?? 0) >= MAX_WINDOWS)
    throw new AppError("conflict", `There are ${MAX_WINDOWS} windows already, which is the most.`);
}
