import { type ClickHouseClient, ClickHouseError } from "@clickhouse/client";
import { type Scope, toScopeComment } from "@throughline/schemas/clickhouse/scope";
import { AppError } from "@throughline/schemas/error";
import type { z } from "zod";

/** A question to the store. `sql` is constant text with `{name: Type}` where `values` go, and a LIMIT. */
export interface Question<Row extends z.ZodType> {
  /** Names the question in the store's query log. */
  caller: string;
  sql: string;
  values: Record<string, unknown>;
  row: Row;
  /** How long the store may work on it; 10 s unless given. */
  timeoutSeconds?: number;
}

/** On whose behalf a question is asked: what they may see, and when they have gone. */
export interface Asker {
  scope: Scope;
  signal?: AbortSignal;
}

/** The store as the API reads it. Throws `unavailable` when it is away and `timeout` when it takes too long. */
export interface StoreReader {
  ask<Row extends z.ZodType>(asker: Asker, question: Question<Row>): Promise<z.output<Row>[]>;
  isAnswering(): Promise<boolean>;
}

const DEFAULT_TIMEOUT_SECONDS = 10;
const RETRY_AFTER_SECONDS = 5;
const PING_TIMEOUT_MS = 2000;

/** The store closed a connection that had been kept, as one that is busy does: the question has changed nothing, and is asked anew. */
const BROKEN = new Set(["ECONNRESET", "EPIPE"]);

/** Codes of the store: too slow; too busy, out of memory or not prepared yet. */
const TIMEOUT_CODES = new Set(["159", "209"]);
const AWAY_CODES = new Set(["60", "81", "202", "241", "439"]);

export function createStoreReader(client: ClickHouseClient): StoreReader {
  return {
    ask: async (asker, question) => {
      try {
        const rows = await read(client, asker, question).catch((error: unknown) => {
          if (!isBroken(error) || asker.signal?.aborted === true) throw error;
          return read(client, asker, question);
        });
        return rows.map((value) => question.row.parse(value));
      } catch (error) {
        throw toStoreError(error);
      }
    },
    isAnswering: async () => {
      const answer = await client.ping({ select: true, abort_signal: AbortSignal.timeout(PING_TIMEOUT_MS) });
      return answer.success;
    },
  };
}

async function read(
  client: ClickHouseClient,
  { scope, signal }: Asker,
  { caller, sql, values, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: Omit<Question<z.ZodType>, "row">,
): Promise<unknown[]> {
  const result = await client.query({
    query: sql,
    query_params: values,
    format: "JSONEachRow",
    use_multipart_params: true,
    ...(signal && { abort_signal: signal }),
    clickhouse_settings: {
      log_comment: toScopeComment(scope, caller),
      max_execution_time: timeoutSeconds,
      date_time_output_format: "iso",
      output_format_json_quote_64bit_integers: 0,
      cancel_http_readonly_queries_on_client_close: 1,
    },
  });
  return result.json();
}

function isBroken(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && BROKEN.has(error.code);
}

/** What a failure of the store means to a caller. A mistake of ours stays what it is, and so is answered opaquely. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof ClickHouseError) {
    if (TIMEOUT_CODES.has(error.code)) return toTimeout(error);
    return AWAY_CODES.has(error.code) ? toUnavailable(error) : error;
  }
  if (!(error instanceof Error)) return error;
  if (/^timeout/i.test(error.message)) return toTimeout(error);
  return "code" in error || /socket|connect/i.test(error.message) ? toUnavailable(error) : error;
}

function toTimeout(cause: unknown): AppError {
  return new AppError("timeout", "The store took too long. Ask for a shorter time range or fewer rows.", { cause });
}

function toUnavailable(cause: unknown): AppError {
  const options = { cause, retryAfterSeconds: RETRY_AFTER_SECONDS };
  return new AppError(
    "unavailable",
    "The store does not answer at the moment. What was sent is safe in the log.",
    options,
  );
}
