import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { AppError } from "@throughline/schemas/error";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";

const startRow = z.object({ since: instant.nullable() });

/** Since when it is kept how feeds stood; undefined when it was from their first event on. */
async function findFeedHistoryStart(reader: StoreReader, { signal }: Asker): Promise<number | undefined> {
  const [row] = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "find-feed-history-start",
      sql: "SELECT maxOrNull(until) AS since FROM feed_history WHERE source = '' LIMIT 1",
      values: {},
      row: startRow,
    },
  );
  return row?.since ? Date.parse(row.since) : undefined;
}

/** True when it was kept how feeds stood at a moment. */
export async function areFeedsKnown(reader: StoreReader, asker: Asker, atMs: number): Promise<boolean> {
  const since = await findFeedHistoryStart(reader, asker);
  return since === undefined || atMs >= since;
}

/** Throws `invalid_request` for a moment of which it was not kept how feeds stood. */
export async function assertFeedsKnown(reader: StoreReader, asker: Asker, atMs: number) {
  const since = await findFeedHistoryStart(reader, asker);
  if (since === undefined || atMs >= since) return;
  const text = new Date(since).toISOString();
  throw new AppError("invalid_request", `How the feeds stood is not known before ${text}.`, {
    issues: [{ path: "/query/asOf", message: `must be ${text} or later: how feeds stood is kept since then` }],
  });
}
