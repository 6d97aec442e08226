import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADMINISTRATOR } from "@throughline/schemas/access";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVENT, type TestGateway, send, silent, startTestGateway } from "./gateway.fixture.ts";
import { type GatewayOptions, startGateway } from "./gateway.ts";

let test: TestGateway;
const folders: string[] = [];
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(async () => {
  await test.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), "throughline-lifecycle-"));
  folders.push(folder);
  return folder;
}

const open = (directory: string, options: Partial<GatewayOptions> = {}) =>
  startGateway({
    host: "127.0.0.1",
    port: 0,
    directory,
    connection: test.engine.connection,
    authenticate: async () => ADMINISTRATOR,
    logger: silent,
    ...options,
    limits: { lingerMs: 10, ...options.limits },
  });

/** A store that is not there. */
const away = () => ({ ...test.engine.connection, url: "http://127.0.0.1:9" });
const countOf = async (log: string) => {
  const result = await test.client.query({
    query: "SELECT count() AS rows, uniqExact(position) AS positions FROM events WHERE log = {log: String}",
    query_params: { log },
    format: "JSONEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return (await result.json<{ rows: number; positions: number }>())[0];
};

describe("a gateway", () => {
  it("takes in while the store is away, says so, and writes after the next start", async () => {
    const directory = makeFolder();
    const first = await open(directory, { connection: away() });
    for (let times = 0; times < 3; times++)
      expect((await send(first, "/v1/events", { body: JSON.stringify(EVENT) })).status).toBe(202);
    await expect
      .poll(async () => (await fetch(`${first.url}/readyz`)).json(), { timeout: 5000 })
      .toMatchObject({ ready: true, store: expect.stringContaining("does not answer") });
    await first.stop();
    const second = await open(directory);

    await expect.poll(() => countOf(second.log), { timeout: 5000 }).toEqual({ rows: 3, positions: 3 });
    expect(second.log).toBe(first.log);
    await second.stop();
  });

  it("answers 429 with Retry-After when its log is full, and is not ready, until the store has taken some", async () => {
    const directory = makeFolder();
    const limits = { logBytes: 64 * 1024 };
    const first = await open(directory, { connection: away(), limits });
    const body = JSON.stringify(Array.from({ length: 100 }, () => ({ ...EVENT, id: "x".repeat(500) })));
    const statuses: number[] = [];
    let refused: Response | undefined;
    for (let times = 0; times < 4; times++) {
      const response = await send(first, "/v1/events", { body });
      statuses.push(response.status);
      if (response.status === 429) refused = response;
    }
    const ready = await fetch(`${first.url}/readyz`);

    expect(statuses).toEqual([202, 202, 429, 429]);
    expect(refused?.headers.get("retry-after")).toBe("5");
    expect(await refused?.json()).toMatchObject({ code: "too_many_requests" });
    expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false, log: "full" }]);
    await first.stop();

    const second = await open(directory, { limits });
    await expect.poll(() => countOf(second.log), { timeout: 5000 }).toMatchObject({ rows: 200 });
    await expect.poll(async () => (await send(second, "/v1/events", { body })).status, { timeout: 5000 }).toBe(202);
    await second.stop();
  });

  it("answers 429 when too many bytes wait in memory", async () => {
    const gateway = await open(makeFolder(), { limits: { waitingBytes: 100 } });
    const response = await send(gateway, "/v1/events", { body: JSON.stringify({ ...EVENT, id: "x".repeat(200) }) });

    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "1"]);
    await gateway.stop();
  });

  it("refuses to share its directory or a taken port, and leaves both free for others", async () => {
    const directory = makeFolder();
    const gateway = await open(directory);
    await expect(open(directory)).rejects.toThrow("is in use by another process");
    const other = makeFolder();
    await expect(open(other, { port: gateway.port })).rejects.toThrow("EADDRINUSE");
    await gateway.stop();

    await (await open(other)).stop();
  });

  it("finishes what it has taken in when it is stopped", async () => {
    const gateway = await open(makeFolder());
    const sent = Array.from({ length: 20 }, () =>
      send(gateway, "/v1/events", { body: JSON.stringify(EVENT) }).then(({ status }) => status),
    );
    await Promise.race(sent);
    await gateway.stop();
    const statuses = await Promise.allSettled(sent);

    expect(statuses.filter((result) => result.status === "fulfilled").every((result) => result.value === 202)).toBe(
      true,
    );
  });

  it("says that the store refuses what it will never take", async () => {
    const directory = makeFolder();
    const database = { ...test.engine.connection, database: "default" };
    await test.client.command({ query: "CREATE TABLE default.events (log String) ENGINE = Null" });
    const gateway = await open(directory, { connection: database });
    await send(gateway, "/v1/events", { body: JSON.stringify(EVENT) });

    await expect
      .poll(async () => (await fetch(`${gateway.url}/readyz`)).json(), { timeout: 5000 })
      .toMatchObject({ store: expect.stringContaining("refuses a batch") });
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toMatch(
      /insert_failures_total\{passing="false"\} [1-9]/,
    );
    await gateway.stop();
  });
});
