import { createServer, type Server } from "node:http";
import { createOutgoingClient } from "@throughline/schemas/outgoing/outgoing-client";
import { parseAllowedAddresses } from "@throughline/schemas/outgoing/vet-address";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { addDeadManMetrics, type DeadMan, startDeadMan } from "./dead-man.ts";
import { type Examination, isAdvancing } from "./examine-tower.ts";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const LAG = { lagMs: 40, pendingSince: null, evaluatedAt: "2026-03-10T11:59:59.000Z" };
const WELL: Examination = { ailments: [], lags: { legs: LAG, reconciler: LAG } };

let receiver: Server;
let taken: { method: string | undefined; body: string; agent: string | undefined }[];
let status: number;
let url: string;
let dead: DeadMan | undefined;
let logged: string[];

beforeEach(async () => {
  taken = [];
  logged = [];
  status = 200;
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      taken.push({
        method: request.method,
        body: Buffer.concat(chunks).toString(),
        agent: request.headers["user-agent"],
      });
      response.writeHead(status, { location: "/elsewhere" }).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  const address = receiver.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/ping/secret-token`;
});

afterEach(async () => {
  await dead?.stop();
  receiver.closeAllConnections();
  await new Promise((done) => receiver.close(done));
});

function start(options: { allowed?: string[]; examine?: () => Promise<Examination>; method?: "GET" | "POST" } = {}) {
  const { allowed = ["127.0.0.1"], examine = () => Promise.resolve(WELL), method = "POST" } = options;
  dead = startDeadMan({
    options: { url, method, intervalMs: 20, version: "1.2.3" },
    client: createOutgoingClient({ allowed: parseAllowedAddresses(allowed) }),
    examine,
    logger: pino({ level: "info" }, { write: (line) => void logged.push(line) }),
    now: () => NOW,
  });
  return dead;
}

describe("the dead-man", () => {
  test("is told at each interval what runs and how far it is", async () => {
    start();
    await vi.waitFor(() => expect(taken.length).toBeGreaterThan(2));
    expect(taken[0]).toMatchObject({ method: "POST", agent: "throughline/1.2.3" });
    expect(JSON.parse(taken[0]?.body ?? "")).toEqual({
      service: "throughline",
      version: "1.2.3",
      time: "2026-03-10T12:00:00.000Z",
      lagMs: 40,
      evaluatedAt: "2026-03-10T11:59:59.000Z",
      reconciledAt: "2026-03-10T11:59:59.000Z",
      intervalSeconds: 0.02,
    });
  });

  test("is asked with GET and without a body where it wants that", async () => {
    start({ method: "GET" });
    await vi.waitFor(() => expect(taken[0]).toMatchObject({ method: "GET", body: "" }));
  });

  test("hears nothing while a part of the tower is not well, and again when it is", async () => {
    let isWell = false;
    const sick: Examination = { ailments: [{ part: "gateway", problem: "does not answer" }], lags: { legs: LAG } };
    const { state } = start({ examine: () => Promise.resolve(isWell ? WELL : sick) });
    await vi.waitFor(() => expect(state().withheld).toBeGreaterThan(2));
    expect(taken).toEqual([]);
    expect(state()).toMatchObject({ problem: "gateway: does not answer", sent: 0, failed: 0 });
    isWell = true;
    await vi.waitFor(() => expect(state()).toMatchObject({ problem: undefined, lastSentAt: NOW }));
    expect(taken.length).toBeGreaterThan(0);
  });

  test("that does not take it, redirects or cannot be reached ends nothing", async () => {
    const { state } = start();
    for (const [answer, problem] of [
      [500, "The dead-man answered 500."],
      [302, "The dead-man answered 302."],
    ] as const) {
      status = answer;
      await vi.waitFor(() => expect(state().problem).toBe(problem));
    }
    receiver.closeAllConnections();
    await new Promise((done) => receiver.close(done));
    await vi.waitFor(() => expect(state().problem).toContain("cannot be reached"));
    expect(state().failed).toBeGreaterThan(2);
  });

  test("inside of the network is told only where it is allowed, and its address is never logged", async () => {
    const { state } = start({ allowed: [] });
    await vi.waitFor(() => expect(state().problem).toContain("which is loopback"));
    expect(taken).toEqual([]);
    expect(logged.join("")).toContain("was not taken");
    expect(logged.join("")).not.toContain("secret-token");
  });

  test("survives an examination that fails", async () => {
    const { state } = start({ examine: () => Promise.reject(new Error("no store")) });
    await vi.waitFor(() => expect(state()).toMatchObject({ problem: "no store" }));
    expect(taken).toEqual([]);
  });

  test("is counted in the metrics", async () => {
    const registry = new Registry();
    const { state } = start();
    addDeadManMetrics(registry, state);
    await vi.waitFor(() => expect(state().sent).toBeGreaterThan(0));
    const text = await registry.metrics();
    expect(text).toContain(`throughline_deadman_last_sent_timestamp_seconds ${NOW / 1000}`);
    expect(text).toContain("throughline_deadman_failed 0");
  });
});

describe("a projector", () => {
  const behind = (evaluatedAt: string | null) => ({
    lagMs: 600_000,
    pendingSince: "2026-03-10T11:50:00.000Z",
    evaluatedAt,
  });
  test.each([
    ["is well when nothing waits", LAG, undefined, true],
    ["is well when what waits has come just now", { ...behind(null), lagMs: 60_000 }, undefined, true],
    ["is not known to be well at the first look", behind("2026-03-10T11:40:00.000Z"), undefined, false],
    ["is well while it catches up", behind("2026-03-10T11:41:00.000Z"), behind("2026-03-10T11:40:00.000Z"), true],
    ["is well when it has begun", behind("2026-03-10T11:41:00.000Z"), behind(null), true],
    ["stands still", behind("2026-03-10T11:40:00.000Z"), behind("2026-03-10T11:40:00.000Z"), false],
    ["never ran", behind(null), behind(null), false],
  ] as const)("%s", (...[, now, before, isWell]) => {
    expect(isAdvancing(now, before)).toBe(isWell);
  });
});
