import type { ClickHouseClient } from "@clickhouse/client";
import { waitUntil } from "./tower.ts";

/** Waits until the engine has merged what it wants to, as it has in a tower that has run for a while, or for so long. */
export async function waitForMerges(client: ClickHouseClient, mostMs: number) {
  const deadline = performance.now() + mostMs;
  await waitUntil(async () => performance.now() > deadline || (await countMerges(client)) === 0);
}

async function countMerges(client: ClickHouseClient): Promise<number> {
  const result = await client.query({ query: "SELECT count() AS merges FROM system.merges", format: "JSONEachRow" });
  const [row] = await result.json<{ merges: number | string }>();
  return Number(row?.merges);
}
