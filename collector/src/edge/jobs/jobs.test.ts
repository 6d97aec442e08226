import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { startTestGateway, type TestGateway } from "../../gateway/gateway.fixture.ts";
import { readEdgeConfig } from "../config/read-edge-config.ts";
import { loadShippedPack, writeEdgeFiles } from "../run/edge.fixture.ts";
import { type Edge, startEdge } from "../run/start-edge.ts";
import { makeTestFolder } from "../spool/spool.fixture.ts";
import { handOver } from "./hand-over.ts";
import { toJobFinished, toJobStarted, toJobTrace } from "./job-events.ts";
import { observeJob, toExitCode } from "./observe-job.ts";
import { parseJobEvents } from "./take-over.ts";

const TIMEOUT = { timeout: 20_000 };
const at = Date.parse("2026-03-02T02:00:00Z");
const run = { interfaceId: "nightly", runId: "run-1", site: "NORTH", trace: toJobTrace(undefined) };
let tower: TestGateway;
let folder: string;
let remove: () => void;
let edge: Edge | undefined;

beforeAll(async () => {
  tower = await startTestGateway();
});
afterAll(() => tower.stop());
beforeEach(() => {
  ({ folder, remove } = makeTestFolder());
});
afterEach(async () => {
  await edge?.stop();
  edge = undefined;
  remove();
});

async function start(): Promise<Edge> {
  const text = writeEdgeFiles(folder, tower.gateway.url)([], 0).replace("listen: { port: 0 }\ninterfaces:\n", "");
  const file = join(folder, "edge.yaml");
  writeFileSync(file, `${text}jobs: { directory: jobs }\n`);
  const config = { ...readEdgeConfig(file), listen: { host: "127.0.0.1", port: 0 } };
  edge = await startEdge({ config, pack: loadShippedPack(), logger: pino({ level: "silent" }), now: Date.now });
  return edge;
}

const listEvents = (where: string) =>
  tower.query<{ type: string; id: string; outcome: string; site: string }>(
    `SELECT type, id, outcome, site FROM throughline.events WHERE ${where} ORDER BY time, type`,
  );

describe("what jobs hand over", () => {
  test("is taken to the gateway, once, though a crash repeats it, and the jobs are vouched for", async () => {
    const own = await start();
    const jobs = join(folder, "jobs");
    const end = toJobFinished(run, { exitCode: 0 }, { at: at + 5000, startedAt: at });
    await handOver(jobs, [toJobStarted(run, at)], at);
    await handOver(jobs, end, at + 5000);
    await handOver(jobs, end, at + 6000);
    await expect.poll(() => readdirSync(jobs), TIMEOUT).toEqual([]);
    await expect.poll(() => own.status().spool.waitingEntries, TIMEOUT).toBe(0);
    const readEvents = async () => {
      const events = await listEvents("source = '/jobs/nightly' AND type NOT LIKE '%.heartbeat'");
      return new Set(events.map(({ type, id, site }) => `${type} ${id} ${site}`));
    };
    await expect
      .poll(readEvents, TIMEOUT)
      .toEqual(
        new Set([
          "operations.job.started run-1/started NORTH",
          "operations.job.finished run-1/finished NORTH",
          "throughline.feed.batch run-1/batch NORTH",
        ]),
      );
    expect(own.status().jobs).toEqual({ taken: 5, failure: undefined });
    expect(statSync(jobs).mode & 0o7777).toBe(0o1770);
  });

  test("that is no word of a job is kept for a person, and what comes behind it goes on", async () => {
    const own = await start();
    const jobs = join(folder, "jobs");
    const forged = { ...toJobStarted(run, at), source: "/erp/group" };
    await handOver(jobs, [forged], at);
    writeFileSync(join(jobs, "1-large.ndjson"), "x".repeat(100_000));
    await handOver(jobs, [toJobStarted({ ...run, runId: "run-2" }, at)], at + 1);
    await expect.poll(() => own.status().jobs?.taken, TIMEOUT).toBe(1);
    await expect.poll(() => readdirSync(jobs), TIMEOUT).toEqual([]);
    expect(own.status().kept).toBe(2);
    expect(await listEvents("source = '/erp/group'")).toEqual([]);
  });
});

test.each([
  ["", "it holds no event"],
  ["{", "line 1 is no JSON"],
  ['\n{"specversion":"1.0"}', /^line 2 is no event: /],
  [JSON.stringify({ ...toJobStarted(run, at), type: "erp.invoice.posted" }), "line 1 is no event of a job"],
])("a file with %j says what is wrong with it", (text, reason) => {
  expect(parseJobEvents(Buffer.from(text))).toEqual({ reason: expect.stringMatching(reason) });
});

describe("an observed job", () => {
  const observe = async (command: [string, ...string[]], environment: NodeJS.ProcessEnv = {}) => {
    const told: { type: string; traceparent?: string | null | undefined; data: unknown }[] = [];
    const end = await observeJob({
      interfaceId: "nightly",
      site: undefined,
      command,
      environment: { ...process.env, ...environment },
      signOfLifeMs: 20,
      tell: async (events) =>
        void told.push(...events.map(({ type, traceparent, data }) => ({ type, traceparent, data }))),
      now: Date.now,
    });
    return { told, end };
  };
  const attributesOf = (data: unknown) => z.object({ attributes: z.looseObject({}) }).parse(data).attributes;

  test("is told of when it starts, while it runs and when it ends, and goes on with the trace that it was started in", async () => {
    const parent = `00-${"ab".repeat(16)}-${"cd".repeat(8)}-00`;
    const script =
      'test "$TRACEPARENT" != "$PARENT" && test "${TRACEPARENT#00-abab}" != "$TRACEPARENT"; r=$?; sleep 0.2; exit $r';
    const { told, end } = await observe(["sh", "-c", script], { TRACEPARENT: parent, PARENT: parent });
    expect(end).toEqual({ exitCode: 0 });
    const types = told.map(({ type }) => type);
    expect([types[0], ...types.slice(-2)]).toEqual([
      "operations.job.started",
      "operations.job.finished",
      "throughline.feed.batch",
    ]);
    expect(types.filter((type) => type === "operations.job.running").length).toBeGreaterThan(0);
    expect(new Set(told.map(({ traceparent }) => traceparent?.slice(0, 36)))).toEqual(new Set([parent.slice(0, 36)]));
  });

  const ends: { what: string; command: [string, ...string[]]; exitCode: number; attributes: object }[] = [
    { what: "fails", command: ["sh", "-c", "exit 3"], exitCode: 3, attributes: { exit_code: 3 } },
    { what: "is killed", command: ["sh", "-c", "kill -KILL $$"], exitCode: 137, attributes: { signal: "SIGKILL" } },
    { what: "is not there", command: ["no-such-program"], exitCode: 127, attributes: { failure: "ENOENT" } },
  ];
  test.each(ends)("that $what ends as it would by itself, and without a trailer", async (expected) => {
    const { command, exitCode, attributes } = expected;
    const { told, end } = await observe(command);
    expect(toExitCode(end, { SIGKILL: 9 })).toBe(exitCode);
    expect(told.at(-1)).toMatchObject({ type: "operations.job.finished", data: { outcome: "failed" } });
    expect(attributesOf(told.at(-1)?.data)).toMatchObject(attributes);
  });
});
