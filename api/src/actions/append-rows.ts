import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@throughline/schemas/error";

/** Appends rows once, however often their token comes. Throws `unavailable` when the store does not take them. */
export type AppendRows = (table: string, values: readonly object[], token: string) => Promise<void>;

export function createAppendRows(writer: ClickHouseClient): AppendRows {
  return async (table, values, token) => {
    try {
      await writer.insert({
        table,
        values,
        format: "JSONEachRow",
        clickhouse_settings: { date_time_input_format: "best_effort", insert_deduplication_token: token },
      });
    } catch (cause) {
      const message = "The store does not take changes at the moment.";
      throw new AppError("unavailable", message, { cause, retryAfterSeconds: 5 });
    }
  };
}
