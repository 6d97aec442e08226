import type { ClickHouseClient } from "@clickhouse/client";
import type { z } from "zod";

const MAX_QUERY_BYTES = 4_000_000;

/** A question with its values; `caller` names it in the store's query log. */
export interface Question {
  caller: string;
  sql: string;
  values?: Record<string, unknown>;
}

/** The rows of an answer as arrays of columns in the order of the SELECT, each checked by `row`. */
export async function readRows<Row extends z.ZodType>(
  client: ClickHouseClient,
  row: Row,
  question: Question,
): Promise<z.infer<Row>[]> {
  const rows = await readRawRows(client, question);
  return rows.map((values) => row.parse(values));
}

/** The same unchecked, for the rows of our own tables on the hot path; the caller reads each column by its position. */
export async function readRawRows(client: ClickHouseClient, question: Question): Promise<unknown[][]> {
  const result = await client.query({
    query: question.sql,
    query_params: question.values ?? {},
    format: "JSONCompact",
    clickhouse_settings: {
      log_comment: question.caller,
      max_query_size: String(MAX_QUERY_BYTES),
      output_format_json_quote_64bit_integers: 0,
    },
  });
  const { data } = await result.json<unknown[]>();
  return data;
}

/** The same unchecked, as they come, in groups that no answer is too large for. A signal ends the reading with an error. */
export async function* streamRawRows(
  client: ClickHouseClient,
  { caller, sql, values = {}, signal }: Question & { signal: AbortSignal },
): AsyncGenerator<unknown[][]> {
  const result = await client.query({
    query: sql,
    query_params: values,
    format: "JSONCompactEachRow",
    abort_signal: signal,
    clickhouse_settings: {
      log_comment: caller,
      wait_end_of_query: 0,
      output_format_json_quote_64bit_integers: 0,
    },
  });
  for await (const rows of result.stream<unknown[]>()) yield rows.map((row) => row.json());
}
