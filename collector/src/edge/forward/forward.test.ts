import { createServer, type Server } from "node:http";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { once } from "node:events";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestGateway } from "../../gateway/gateway.fixture.ts";
import { openSpool, type Spool } from "../spool/open-spool.ts";
import { makeTestFolder, SECRET } from "../spool/spool.fixture.ts";
import { parseRetryAfter, toPauseMs } from "./back-off.ts";
import { createClockSkew } from "./clock-skew.ts";
import { createPostEvents, toOutcome } from "./post-events.ts";
import { type RefusedEvent, startForwarder } from "./start-forwarder.ts";

let folder: string;
let remove: () => void;
let spool: Spool;

beforeEach(async () => {
  ({ folder, remove } = makeTestFolder());
  spool = await openSpool({ directory: folder, secret: SECRET, maxBytes: 10_000_000, segmentBytes: 100_000 });
});
afterEach(async () => {
  await spool.close();
  remove();
});

const SOURCE = "/edge/test";
const toEvent = (id: string, extra: object = {}) => ({
  source: SOURCE,
  toText: (sequence: number) =>
    JSON.stringify({
      specversion: "1.0",
      id,
      source: SOURCE,
      type: "erp.goods_receipt.posted",
      time: "2026-11-20T10:00:00Z",
      sequence: String(sequence),
      ...extra,
    }),
});

function start(url: string, options: { key?: string } = {}) {
  const refused: RefusedEvent[] = [];
  const failures: (string | undefined)[] = [];
  const skew = createClockSkew();
  const forwarder = startForwarder({
    spool,
    post: createPostEvents({ url, key: options.key ?? "ingest", skew, now: Date.now }),
    keep: async (more) => void refused.push(...more),
    now: Date.now,
    onChange: ({ failure }) => void failures.push(failure),
  });
  return { forwarder, refused, failures, skew };
}

/** Listens where a gateway would be, and answers as it is told. */
async function listen(port: number, answer: (count: number) => { status: number; body?: object; retryAfter?: string }) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const events: unknown = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString());
      const { status, body = {}, retryAfter } = answer(Array.isArray(events) ? events.length : 0);
      response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter });
      response.end(JSON.stringify(body));
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

async function close(server: Server) {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

describe("a forwarder", () => {
  test("brings everything to a real gateway that was away, in order and once, and keeps what is refused", async () => {
    const port = await findFreePort();
    const away = await listen(port, () => ({ status: 503 }));
    const { forwarder, refused, failures, skew } = start(`http://127.0.0.1:${port}`);
    await spool.append(Array.from({ length: 700 }, (_, at) => toEvent(`a${at}`)));
    await expect.poll(() => failures).toContain("503");
    await close(away);
    await spool.append([toEvent("bad", { type: "no type" })]);
    await spool.append(Array.from({ length: 700 }, (_, at) => toEvent(`b${at}`)));
    await expect.poll(() => forwarder.state().failure).toBe("ECONNREFUSED");
    const tower = await startTestGateway({ port });
    try {
      await expect.poll(() => spool.state().waitingEntries, { timeout: 20_000 }).toBe(0);
      await expect.poll(() => forwarder.state().forwarded).toBe(1400);
      expect(forwarder.state()).toMatchObject({ refused: 1, failures: 0, failure: undefined });
      expect(refused).toMatchObject([
        { text: expect.stringContaining('"bad"'), reason: expect.stringContaining("/type") },
      ]);
      const [row] = await tower.query<{ count: number; ids: number; ordered: number }>(
        `SELECT count() AS count, uniqExact(id) AS ids FROM throughline.events WHERE source = '${SOURCE}'`,
      );
      expect(row).toEqual({ count: 1400, ids: 1400 });
      expect(Math.abs(skew.estimate()?.offsetMs ?? 9999)).toBeLessThanOrEqual(1000);
    } finally {
      await forwarder.stop();
      await tower.stop();
    }
  });

  test("halves what is too large, and keeps the one event that will never go", async () => {
    const server = await listen(0, (count) =>
      count > 3 ? { status: 413 } : count === 1 ? { status: 413 } : { status: 202, body: { accepted: count } },
    );
    const { forwarder, refused } = start(`http://127.0.0.1:${portOf(server)}`);
    await spool.append(Array.from({ length: 5 }, (_, at) => toEvent(String(at))));
    await expect.poll(() => forwarder.state().forwarded + forwarder.state().refused).toBe(5);
    expect(refused.every(({ reason }) => reason.startsWith("413"))).toBe(true);
    await forwarder.stop();
    await close(server);
  });

  test("does not take an answer for an acknowledgement that does not account for every event", async () => {
    const server = await listen(0, () => ({ status: 200, body: { hello: "proxy" } }));
    const { forwarder, failures } = start(`http://127.0.0.1:${portOf(server)}`);
    await spool.append([toEvent("1")]);
    await expect.poll(() => failures).toEqual(["200 without the gateway's word"]);
    await forwarder.stop();
    expect(spool.state().waitingEntries).toBe(1);
    await close(server);
  });

  test("says that a wrong key needs a person, and goes on asking", async () => {
    const server = await listen(0, () => ({ status: 401 }));
    const { forwarder } = start(`http://127.0.0.1:${portOf(server)}`);
    await spool.append([toEvent("1")]);
    await expect.poll(() => forwarder.state()).toMatchObject({ needsPerson: true, failures: 2 });
    await forwarder.stop();
    await close(server);
  });
});

describe("pauses", () => {
  test("grow, are bounded, spread, and are never shorter than what the gateway asks for", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, chance) => {
          const own = toPauseMs(failures, undefined, chance);
          expect(own).toBeGreaterThanOrEqual(125);
          expect(own).toBeLessThanOrEqual(60_000);
          expect(toPauseMs(failures + 1, undefined, chance)).toBeGreaterThanOrEqual(own);
          expect(toPauseMs(failures, 120_000, chance)).toBeGreaterThanOrEqual(120_000);
        },
      ),
    );
  });

  test.each([
    ["7", 7000],
    ["Mon, 23 Nov 2026 01:00:10 GMT", 10_000],
    ["soon", undefined],
    [null, undefined],
  ])("read Retry-After %s as %s", (header, expected) => {
    expect(parseRetryAfter(header, Date.UTC(2026, 10, 23, 1))).toBe(expected);
  });
});

describe("answers", () => {
  const refuse = (accepted: number, refused: number, errors: object[]) => JSON.stringify({ accepted, refused, errors });

  test.each([
    [
      400,
      refuse(1, 1, [{ path: "/1/type", message: "bad" }]),
      { kind: "done", refusals: [{ index: 1, reason: "/type bad" }] },
    ],
    [400, refuse(1, 1, []), { kind: "split" }],
    [400, refuse(0, 1, [{ path: "/1", message: "bad" }]), { kind: "split" }],
    [400, "<html>", { kind: "split" }],
    [202, '{"accepted":1}', { kind: "retry" }],
    [301, "", { kind: "retry", needsPerson: true }],
    [503, "", { kind: "retry", needsPerson: false }],
  ])("%s %s", (status, text, expected) => {
    expect(toOutcome({ status, text, afterMs: undefined }, 2)).toMatchObject(expected);
  });
});

test("the skew is found within its error, also after a clock was set", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -86_400_000, max: 86_400_000 }),
      fc.array(fc.tuple(fc.nat(100_000), fc.nat(500), fc.nat(500)), { minLength: 1, maxLength: 50 }),
      (offset, requests) => {
        const skew = createClockSkew();
        let at = Date.UTC(2026, 0, 1);
        skew.observe(new Date(at + offset + 999_000_000).toUTCString(), { sentAt: at, receivedAt: at + 5 });
        for (const [gap, there, back] of requests) {
          at += gap;
          const date = new Date(at + there + offset).toUTCString();
          skew.observe(date, { sentAt: at, receivedAt: at + there + back });
        }
        const { offsetMs, errorMs } = skew.estimate() ?? { offsetMs: Number.NaN, errorMs: 0 };
        expect(Math.abs(offsetMs - offset)).toBeLessThanOrEqual(errorMs + 1);
      },
    ),
  );
});
