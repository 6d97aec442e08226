import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { event } from "@throughline/schemas/event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { HOUR } from "./demand.ts";
import { type DemoOptions, runDemo } from "./demo.ts";
import { generateTrade } from "./generate-trade.ts";
import { type Clock, createClock, toDueAt } from "./trade-clock.ts";
import { truthRow } from "./truth.ts";

const tracesRequest = z.object({
  resourceSpans: z.array(
    z.object({ scopeSpans: z.array(z.object({ spans: z.array(z.object({ spanId: z.string() })) })) }),
  ),
});

interface Gateway {
  url: string;
  /** Identities of the events that were taken, in order of arrival. */
  events: string[];
  /** What was taken, each event as it was sent. */
  texts: string[];
  /** Called for each of them. */
  onTaken(): void;
  spans: string[];
  mostAtOnce: number;
  /** Answers the first request only when a second one is on its way, so that a fast gateway shows it too. */
  isHolding: boolean;
  malformed: number;
  /** The status for what is no event. */
  refusal: number;
  /** Statuses for the next requests; 202 when it is empty. */
  answers: number[];
  close(): Promise<unknown>;
}

const HOLD_MS = 5000;
const NOW = Date.parse("2026-03-10T12:00:00Z");

let gateway: Gateway;
let folder: string;

beforeEach(async () => {
  gateway = await startGateway();
  folder = mkdtempSync(join(tmpdir(), "throughline-demo-"));
});

afterEach(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
});

test("a demo sends the history, goes live, and ends at the signal with all truth in its file", async () => {
  const stop = new AbortController();
  const shares: number[] = [];
  const sent = await runDemo({
    ...toOptions(stop.signal),
    onProgress: ({ share, isLive }) => {
      shares.push(share);
      if (isLive) stop.abort();
    },
  });
  expect(gateway.events.length).toBe(sent.events);
  expect(sent.events).toBeGreaterThan(5000);
  expect(gateway.spans.length).toBe(sent.spans);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  const rows = readFileSync(join(folder, "truth.ndjson"), "utf8").trim().split("\n");
  expect(rows.map((row) => truthRow.parse(JSON.parse(row))).length).toBe(sent.faults);
});

test("a demo asks a busy gateway again and has no more than four requests on their way", async () => {
  gateway.answers = [429, 503, 429];
  gateway.isHolding = true;
  const sent = await runUntilLive();
  expect(new Set(gateway.events).size).toBeGreaterThan(5000);
  expect(gateway.events.length).toBe(sent.events);
  expect(gateway.mostAtOnce).toBeLessThanOrEqual(4);
  expect(gateway.mostAtOnce).toBeGreaterThan(1);
});

test("a demo that is started again goes on where it stopped", async () => {
  await runUntilLive();
  const before = new Set(gateway.events);
  gateway.events = [];
  await runUntilLive({ clock: createClock(NOW + 2 * HOUR) });
  expect(gateway.events.length).toBeGreaterThan(200);
  expect(gateway.events.filter((id) => before.has(id)).length).toBeLessThan(20);
});

test("a demo fails with the gateway's words when what it sends is refused", async () => {
  gateway.answers = [401];
  await expect(runUntilLive()).rejects.toThrow("The gateway refused /v1/events with 401: answer 401");
});

test("a demo goes on after what the gateway refuses as it should, and fails where the gateway takes it", async () => {
  await runUntilLive({ days: 3 });
  expect(gateway.malformed).toBeGreaterThan(1);
  rmSync(folder, { recursive: true });
  gateway.refusal = 202;
  await expect(runUntilLive({ days: 3 })).rejects.toThrow("The gateway took what it should refuse at /v1/events");
});

test("demos of one seed send the same, and those of another seed or size something else", async () => {
  const digestOf = async (name: string, changes: Partial<DemoOptions>) => {
    gateway.texts = [];
    const clock = createFakeClock();
    await runUntilLive({ days: 0.5, clock, truthFile: join(folder, name), ...changes });
    expect(gateway.texts.length).toBeGreaterThan(2000);
    // Requests may overtake one another.
    return createHash("sha256").update(gateway.texts.toSorted().join("\n")).digest("hex");
  };
  const first = await digestOf("first", {});
  expect(await digestOf("again", {})).toBe(first);
  expect(await digestOf("other", { seed: 4 })).not.toBe(first);
  expect(await digestOf("larger", { hospitals: 4 })).not.toBe(first);
});

test("sixty times faster than the clock, history keeps its order and its pace until it is now", async () => {
  const clock = createFakeClock();
  const arrivals: number[] = [];
  gateway.onTaken = () => arrivals.push(clock.now());
  await runUntilLive({ days: 2 / 24, speed: 60, clock });
  const metAt = clock.now();
  expect(metAt - NOW).toBeGreaterThan((2 * HOUR) / 59 - 30_000);
  expect(metAt - NOW).toBeLessThan((2 * HOUR) / 59 + 30_000);
  const trade = generateTrade({
    seed: 3,
    from: NOW - 2 * HOUR,
    to: metAt,
    heartbeatEveryMs: (at) => (at < NOW - HOUR ? HOUR : HOUR / 12),
    pace: (at) => (at < NOW ? 1 : 3),
  });
  const sent = [...trade].flatMap((dispatch) =>
    dispatch.kind === "event" && dispatch.sendAt < metAt ? [dispatch] : [],
  );
  expect(gateway.events).toEqual(sent.map(({ event: { source, id } }) => `${source} ${id}`));
  const from = NOW - 2 * HOUR;
  const lags = sent.map(
    ({ sendAt }, index) => (arrivals[index] ?? 0) - toDueAt(sendAt, { startedAt: NOW, from, speed: 60 }),
  );
  expect(Math.min(...lags)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...lags)).toBeLessThanOrEqual(250);
});

/** A clock that stands still but for the time that is waited. */
function createFakeClock(): Clock {
  let time = NOW;
  return {
    now: () => time,
    wait: async (ms, signal) => {
      signal.throwIfAborted();
      time += ms;
    },
  };
}

function toOptions(signal: AbortSignal): DemoOptions {
  return {
    gatewayUrl: gateway.url,
    key: "key",
    seed: 3,
    days: 1,
    clock: createClock(NOW),
    signal,
    truthFile: join(folder, "truth.ndjson"),
  };
}

function runUntilLive(changes: Partial<DemoOptions> = {}) {
  const stop = new AbortController();
  return runDemo({ ...toOptions(stop.signal), onProgress: ({ isLive }) => isLive && stop.abort(), ...changes });
}

async function startGateway(): Promise<Gateway> {
  let atOnce = 0;
  const company = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    atOnce += 1;
    state.mostAtOnce = Math.max(state.mostAtOnce, atOnce);
    if (atOnce > 1) company.resolve();
    const ready = state.isHolding ? Promise.race([company.promise, delay(HOLD_MS)]) : Promise.resolve();
    void ready.then(() => answer(state, request, response)).finally(() => (atOnce -= 1));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = isAddress(address) ? address.port : 0;
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  const state: Gateway = {
    url: `http://127.0.0.1:${port}`,
    events: [],
    texts: [],
    onTaken: () => undefined,
    spans: [],
    mostAtOnce: 0,
    isHolding: false,
    answers: [],
    malformed: 0,
    refusal: 400,
    close,
  };
  return state;
}

async function answer(gate: Gateway, request: IncomingMessage, response: ServerResponse) {
  const body: unknown = JSON.parse(await text(request));
  const isMalformed = request.url === "/v1/events" && !Array.isArray(body);
  if (isMalformed) gate.malformed += 1;
  const status = isMalformed ? gate.refusal : (gate.answers.shift() ?? 202);
  if (status === 202 && request.url === "/v1/events" && !isMalformed)
    for (const taken of z.array(event).parse(body)) {
      gate.events.push(`${taken.source} ${taken.id}`);
      gate.texts.push(JSON.stringify(taken));
      gate.onTaken();
    }
  if (status === 202 && request.url === "/v1/traces") gate.spans.push(...toSpanIds(body));
  response.writeHead(status, { "retry-after": "0" }).end(`answer ${status}`);
}

function toSpanIds(body: unknown): string[] {
  const scopes = tracesRequest.parse(body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans);
  return scopes.flatMap(({ spans }) => spans.map(({ spanId }) => spanId));
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
