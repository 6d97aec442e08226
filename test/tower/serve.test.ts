import { type ChildProcess, spawn } from "node:child_process";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../..");
const TOKEN = "administrator-token-of-this-test-0001";

const directory = mkdtempSync(join(tmpdir(), "throughline-serve-"));
const running = new Set<ChildProcess>();

afterAll(async () => {
  await Promise.all([...running].map(stop));
  rmSync(directory, { recursive: true, force: true });
});

interface RunningCommand {
  process: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

function run(args: string[], environment: Record<string, string>): RunningCommand {
  const child = spawn(process.execPath, [join(ROOT, "main.ts"), ...args], {
    env: { PATH: process.env["PATH"], THROUGHLINE_LOG_LEVEL: "error", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((done) => {
    child.once("exit", (code) => {
      running.delete(child);
      done(code);
    });
  });
  return { process: child, output: () => text, ended };
}

async function stop(child: ChildProcess) {
  if (child.exitCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await ended;
}

async function createEnvironment(data: string) {
  const [api, gateway] = [await findFreePort(), await findFreePort()];
  return {
    variables: {
      THROUGHLINE_DATA: join(directory, data),
      THROUGHLINE_API_PORT: String(api),
      THROUGHLINE_GATEWAY_PORT: String(gateway),
      THROUGHLINE_ADMIN_TOKEN: TOKEN,
    },
    api: `http://127.0.0.1:${api}`,
    gateway: `http://127.0.0.1:${gateway}`,
  };
}

const legs = z.object({ items: z.array(z.object({ verdict: z.string() })) });
const authorization = `Bearer ${TOKEN}`;

async function isUp(url: string): Promise<boolean> {
  return fetch(url)
    .then((response) => response.ok)
    .catch(() => false);
}

describe("throughline serve", () => {
  it("takes an event to a verdict, survives the end of each of its processes, and keeps a second tower out", async () => {
    const tower = await createEnvironment("data");
    const serving = run(["serve"], tower.variables);
    await expect.poll(serving.output, { timeout: 30_000 }).toContain("Sign in once");
    expect(serving.output()).toContain(`Control tower  ${tower.api}`);
    expect(serving.output()).toMatch(/Sign in once {3}http:\/\/127\.0\.0\.1:\d+\/sign-in#code=\S+/);

    await sendOrder(tower.gateway, "4500000001/10");
    await expect.poll(() => findVerdicts(tower.api, "4500000001/10"), { timeout: 20_000 }).toContain("OPEN");

    const refused = await sendEvent(tower.gateway, { objects: [{ type: "purchase_ordr_line", id: "1" }] });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("/data/objects/0/type")]);

    const second = run(["serve"], { ...(await createEnvironment("data")).variables });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain("in use by another process");

    for (const role of ["gateway", "projector", "reconciler", "api"]) killRole(serving.process, role);
    await expect.poll(() => isUp(`${tower.gateway}/readyz`), { timeout: 20_000 }).toBe(true);
    await expect.poll(() => isUp(`${tower.api}/healthz`), { timeout: 20_000 }).toBe(true);
    await sendOrder(tower.gateway, "4500000002/10");
    await expect.poll(() => findVerdicts(tower.api, "4500000002/10"), { timeout: 20_000 }).toContain("OPEN");

    serving.process.kill("SIGTERM");
    expect(await serving.ended).toBe(0);
    expect(await isUp(`${tower.api}/healthz`)).toBe(false);
  }, 120_000);

  it("refuses a wrong pack with its place before anything starts", async () => {
    const config = join(directory, "config");
    cpSync(join(ROOT, "config"), config, { recursive: true });
    const file = join(config, "flows/procure-to-pay.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("within: PT1H", "within: 1 hour"));
    const { variables } = await createEnvironment("unused");
    const serving = run(["serve"], { ...variables, THROUGHLINE_CONFIG: config });
    expect(await serving.ended).toBe(1);
    expect(serving.output()).toMatch(/procure-to-pay\.yaml:\d+:\d+: .*PT4H/);
  }, 30_000);

  it("names each wrong setting", async () => {
    const serving = run(["serve"], { THROUGHLINE_API_PORT: "70000", THROUGHLINE_ADMIN_TOKEN: "short" });
    expect(await serving.ended).toBe(1);
    expect(serving.output()).toMatch(/THROUGHLINE_API_PORT: .*THROUGHLINE_ADMIN_TOKEN: must have 32 characters/);
  }, 30_000);
});

async function sendOrder(gateway: string, id: string) {
  const objects = [{ type: "purchase_order_line", id }];
  const response = await sendEvent(gateway, { objects, measures: { quantity: { value: "10", unit: "EA" } } }, id);
  expect(response.status).toBe(202);
}

function sendEvent(gateway: string, data: object, id = "event") {
  return fetch(`${gateway}/v1/events`, {
    method: "POST",
    headers: { authorization, "content-type": "application/cloudevents+json" },
    body: JSON.stringify({
      specversion: "1.0",
      id,
      source: "/erp",
      type: "procurement.purchase_order.issued",
      time: new Date().toISOString(),
      site: "north",
      data,
    }),
  });
}

async function findVerdicts(api: string, id: string): Promise<string[]> {
  const response = await fetch(`${api}/api/v1/legs?instanceId=${encodeURIComponent(id)}`, {
    headers: { authorization },
  }).catch(() => undefined);
  const body = legs.safeParse(await response?.json());
  return body.success ? body.data.items.map(({ verdict }) => verdict) : [JSON.stringify(body.error)];
}

/** Kills the process of a role below a tower's own, as the kernel might. */
function killRole(tower: ChildProcess, role: string) {
  const children = readFileSync(`/proc/${tower.pid}/task/${tower.pid}/children`, "utf8").trim().split(" ");
  for (const pid of children)
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`role-process.ts\0${role}`))
      process.kill(Number(pid), "SIGKILL");
}
