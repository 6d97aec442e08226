import { setTimeout as delay } from "node:timers/promises";
import { Readable } from "node:stream";
import { type BenchContext, readNumber } from "./harness.ts";
import type { BenchTower } from "./tower.ts";

const BATCH_ROWS = 50_000;
const SETTLE_SECONDS = 30;

/**
 * How many rows a second the same table takes of the same rows as JSONEachRow, over one connection, in the same run. The
 * bodies are prepared before the clock starts.
 */
export async function measureRawInserts(context: BenchContext, tower: BenchTower): Promise<number> {
  const { client } = tower;
  const seconds = readNumber(context, "raw-seconds", 15);
  await settleMerges(tower);
  context.say(`Inserting the same rows directly for ${seconds} s`);
  const result = await client.query({
    query: `SELECT * REPLACE ('raw' AS log, substring(hex(digest), 1, 16) AS digest) FROM events ORDER BY log, position LIMIT ${BATCH_ROWS}`,
    format: "JSONEachRow",
  });
  const body = Buffer.from(await result.text());
  let rows = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1000) {
    const { stream } = await client.exec({
      query: "INSERT INTO events FORMAT JSONEachRow",
      values: Readable.from([body]),
    });
    for await (const _ of stream);
    rows += BATCH_ROWS;
  }
  return rows / ((performance.now() - startedAt) / 1000);
}

/** Waits until merges are done, so that they do not count against what is measured next. */
async function settleMerges({ client }: BenchTower) {
  for (let waited = 0; waited < SETTLE_SECONDS; waited++) {
    const result = await client.query({ query: "SELECT count() AS merges FROM system.merges", format: "JSONEachRow" });
    const [row] = await result.json<{ merges: string }>();
    if (Number(row?.merges) === 0) return;
    await delay(1000);
  }
}
