import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createThroughline } from "../throughline.ts";
import { type TestServer, connect, startTestServer, store } from "./gateway.fixture.ts";

const TYPE = "erp.goods_receipt.posted" as const;
let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

/** Nothing is lost between the counts. */
function expectConserved(stats: ReturnType<ReturnType<typeof connect>["throughline"]["stats"]>) {
  const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  expect(stats.sent + stats.refused + stats.queued + stats.spooled + dropped).toBe(stats.emitted);
}

test("sends batches, gzipped, with its key", async () => {
  const { throughline } = connect(server);
  for (let index = 0; index < 2500; index++) throughline.emit({ type: TYPE, id: `${index}` });
  expect(await throughline.flush()).toBe(true);
  expect(server.stored.size).toBe(2500);
  expect(server.requests.map(({ events }) => events)).toEqual([1000, 1000, 500]);
  expect(server.requests[0]).toMatchObject({ encoding: "gzip", authorization: "Bearer tl_test" });
  expect(throughline.stats()).toMatchObject({ emitted: 2500, sent: 2500, queued: 0, queuedBytes: 0, retries: 0 });
  await throughline.shutdown();
});

test("sends by itself what has waited long enough", async () => {
  const { throughline } = connect(server);
  const id = throughline.emit({ type: TYPE });
  await expect.poll(() => [...server.stored.keys()]).toEqual([id]);
  await throughline.shutdown();
});

test("keeps what is emitted before start, and drops what comes after shutdown", async () => {
  const throughline = createThroughline({
    source: "/erp/group",
    gateway: { url: server.url, key: "tl_test" },
    tracing: "off",
    handleExit: false,
  });
  const early = throughline.emit({ type: TYPE });
  expect(throughline.stats()).toMatchObject({ emitted: 1, queued: 1 });
  throughline.start();
  expect(await throughline.shutdown()).toBe(true);
  expect([...server.stored.keys()]).toContain(early);
  expect(throughline.emit({ type: TYPE })).toBeUndefined();
  expect(throughline.stats()).toMatchObject({ queued: 0, dropped: { after_shutdown: 1 } });
});

describe("a gateway that", () => {
  test("refuses one of a batch loses only that one, which is told and never sent again", async () => {
    const { throughline, problems } = connect(server);
    for (const id of ["1", "2", "3"])
      throughline.emit({ type: TYPE, id, measures: { quantity: { value: id === "2" ? "1e5" : "10", unit: "EA" } } });
    expect(await throughline.flush()).toBe(true);
    expect([...server.stored.keys()]).toEqual(["1", "3"]);
    expect(server.requests).toHaveLength(1);
    expect(throughline.stats()).toMatchObject({ sent: 2, refused: 1, queued: 0 });
    expect(problems).toEqual([
      expect.objectContaining({
        code: "refused",
        count: 1,
        message: expect.stringContaining(`${TYPE} 2: /data/measures/quantity`),
      }),
    ]);
    expectConserved(throughline.stats());
    await throughline.shutdown();
  });

  test.each([
    ["fails", { status: 500, body: "oops" }],
    ["is away behind a proxy", { status: 503, body: "<html>" }],
    ["does not know the key", { status: 401 }],
    ["sends elsewhere", { status: 307, headers: { location: "/v1/events" } }],
    ["acknowledges in wrong JSON", { status: 202, body: "{" }],
    ["acknowledges another number", { status: 202, body: '{"accepted":1}' }],
    ["is another server", { status: 200, body: "<html>" }],
    ["answers nothing", "silence"],
    ["closes the connection", "reset"],
  ] as const)("%s is sent the same again", async (_, answer) => {
    server.behave((_events, request) => (request <= 2 ? answer : undefined));
    const { throughline, problems } = connect(server, { requests: { timeoutMs: 300 } });
    const ids = [throughline.emit({ type: TYPE }), throughline.emit({ type: TYPE })];
    expect(await throughline.flush()).toBe(true);
    expect([...server.stored]).toEqual(ids.map((id) => [id, 1]));
    expect(server.requests).toHaveLength(3);
    expect(throughline.stats()).toMatchObject({ sent: 2, retries: 2, refused: 0 });
    expect(problems[0]).toMatchObject({ code: "delivery" });
    await throughline.shutdown();
  });

  test("asks for time is given it", async () => {
    server.behave((_events, request) => (request === 1 ? { status: 429, headers: { "retry-after": "1" } } : undefined));
    const { throughline } = connect(server);
    throughline.emit({ type: TYPE });
    expect(await throughline.flush()).toBe(true);
    const [first, second] = server.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(999);
    await throughline.shutdown();
  });

  test("refuses a body as too large is sent halves, until the one too large stands alone", async () => {
    server.behave((events) =>
      events.some(({ id }) => id === "large") || events.length > 4 ? { status: 413 } : undefined,
    );
    const { throughline } = connect(server);
    for (let index = 0; index < 9; index++) throughline.emit({ type: TYPE, id: `${index}` });
    throughline.emit({ type: TYPE, id: "large" });
    expect(await throughline.flush()).toBe(true);
    expect(server.stored.size).toBe(9);
    expect(throughline.stats()).toMatchObject({ sent: 9, dropped: { too_large: 1 } });
    expectConserved(throughline.stats());
    await throughline.shutdown();
  });

  test("refuses without saying what is sent halves", async () => {
    server.behave((events) =>
      events.some(({ id }) => id === "bad") ? { status: 400, body: "Bad Request" } : undefined,
    );
    const { throughline } = connect(server);
    for (const id of ["1", "bad", "2", "3"]) throughline.emit({ type: TYPE, id });
    expect(await throughline.flush()).toBe(true);
    expect([...server.stored.keys()].toSorted()).toEqual(["1", "2", "3"]);
    expect(throughline.stats()).toMatchObject({ sent: 3, refused: 1 });
    await throughline.shutdown();
  });

  test("fails on one event while it takes others loses that one at last", async () => {
    server.behave((events) => (events.some(({ id }) => id === "poison") ? { status: 500 } : undefined));
    const { throughline } = connect(server, { requests: { firstMs: 1, longestMs: 2 } });
    throughline.emit({ type: TYPE, id: "poison" });
    throughline.emit({ type: TYPE, id: "0" });
    let next = 0;
    await expect
      .poll(
        () => {
          throughline.emit({ type: TYPE, id: `${++next}` });
          return throughline.stats().dropped.poison;
        },
        { interval: 5, timeout: 10_000 },
      )
      .toBe(1);
    expect(await throughline.flush()).toBe(true);
    expect(server.stored.size).toBe(next + 1);
    expectConserved(throughline.stats());
    await throughline.shutdown();
  });

  test("is away for longer than the queue can hold leaves the most critical", async () => {
    server.behave(() => ({ status: 503 }));
    const { throughline, problems } = connect(server, { queue: { maxEvents: 10 } });
    for (let index = 0; index < 20; index++) throughline.emit({ type: TYPE, id: `standard-${index}` });
    for (let index = 0; index < 4; index++)
      throughline.emit({ type: TYPE, id: `critical-${index}`, attributes: { criticality: "critical" } });
    expect(throughline.stats()).toMatchObject({ queued: 10, dropped: { queue_full: 14 } });
    expect(problems.find(({ reason }) => reason === "queue_full")).toBeDefined();
    server.behave((events) => store(events, server.stored));
    expect(await throughline.flush()).toBe(true);
    expect([...server.stored.keys()].slice(0, 4)).toEqual(["critical-0", "critical-1", "critical-2", "critical-3"]);
    expectConserved(throughline.stats());
    await throughline.shutdown();
  });

  test("never answers lets shutdown end in its time, and what is left is counted", async () => {
    server.behave(() => "silence");
    const { throughline } = connect(server, { requests: { timeoutMs: 60_000 } });
    throughline.emit({ type: TYPE });
    const began = Date.now();
    expect(await throughline.shutdown(200)).toBe(false);
    expect(Date.now() - began).toBeLessThan(2000);
    expect(throughline.stats()).toMatchObject({ sent: 0, queued: 0, dropped: { shutdown: 1 } });
    expectConserved(throughline.stats());
  });
});

test("drops and tells everything when its address is none", () => {
  const { throughline, problems } = connect({ url: "not a url" });
  expect(throughline.emit({ type: TYPE })).toBeUndefined();
  expect(throughline.stats()).toMatchObject({ emitted: 1, dropped: { unconfigured: 1 } });
  expect(problems[0]).toMatchObject({ code: "configuration" });
});

test("estimates how far the gateway's clock is ahead", async () => {
  const aheadMs = 3_600_000;
  server.behave((events) => ({
    ...store(events, server.stored),
    headers: { date: new Date(Date.now() + aheadMs).toUTCString() },
  }));
  const { throughline } = connect(server);
  throughline.emit({ type: TYPE });
  await throughline.flush();
  const { clock } = throughline.stats();
  expect(Math.abs((clock?.offsetMs ?? 0) - aheadMs)).toBeLessThanOrEqual(clock?.errorMs ?? 0);
  await throughline.shutdown();
});
