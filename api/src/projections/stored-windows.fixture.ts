import type { ClickHouseClient } from "@clickhouse/client";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import type { ApprovedWindow } from "./legs/moves.ts";

/** A version of a window as the API would have stored it. */
export interface StoredWindow extends ApprovedWindow {
  state: "requested" | "approved" | "rejected" | "withdrawn" | "ended";
  flow?: string;
  leg?: string;
  site?: string;
  supplier?: string;
  source?: string;
}

export async function storeWindow(client: ClickHouseClient, { from, until, ...window }: StoredWindow) {
  await client.insert({
    table: "excuse_windows",
    values: [{ ...window, from_at: toTimestamp(from), until_at: until === undefined ? null : toTimestamp(until) }],
    format: "JSONEachRow",
  });
}
