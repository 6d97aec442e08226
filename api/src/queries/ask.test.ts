import { createServer } from "node:http";
import { once } from "node:events";
import { createClient, ClickHouseLogLevel } from "@clickhouse/client";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { createStoreReader } from "./ask.ts";

const QUESTION = { caller: "test", sql: "SELECT 1 AS one LIMIT 1", values: {}, row: z.object({ one: z.int() }) };
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A store that breaks the first connections instead of answering. */
async function startBreakingStore(broken: number) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (asked <= broken) request.socket.destroy();
    else response.end('{"one":1}\n');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = createClient({ url: `http://127.0.0.1:${port}`, log: { level: ClickHouseLogLevel.OFF } });
  ends.push(async () => {
    await client.close();
    server.close();
  });
  return { reader: createStoreReader(client), countAsked: () => asked };
}

test("asks anew when the store closed the connection, once", async () => {
  const { reader, countAsked } = await startBreakingStore(1);
  expect(await reader.ask({ scope: EVERYTHING }, QUESTION)).toEqual([{ one: 1 }]);
  expect(countAsked()).toBe(2);
});

test("says that the store is away when it breaks again", async () => {
  const { reader, countAsked } = await startBreakingStore(5);
  await expect(reader.ask({ scope: EVERYTHING }, QUESTION)).rejects.toMatchObject({ code: "unavailable" });
  expect(countAsked()).toBe(2);
});

test("does not ask anew for somebody who has gone", async () => {
  const { reader, countAsked } = await startBreakingStore(5);
  const asker = { scope: EVERYTHING, signal: AbortSignal.abort() };
  await expect(reader.ask(asker, QUESTION)).rejects.toMatchObject({ code: "unavailable" });
  expect(countAsked()).toBeLessThan(2);
});
