import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { Agent, Deeds, Utterance } from "./agents/agent.ts";
import { createWorld } from "./agents/world.ts";
import { createSystemCaller, TIME_HEADER } from "./call-system.ts";
import { parseScenario } from "./scenario.ts";
import { createFolderSpeaker, createHookSpeaker, createJobSpeaker, createMllpSpeaker, type Speaker } from "./speak.ts";
import { createOutboxSpeaker } from "./speak-outbox.ts";
import { createSdkSpeaker } from "./speak-sdk.ts";
import { openSystem, SYSTEMS, type System } from "./systems.ts";

/** What a system of the network is started with, as its one argument in JSON. */
export const systemOrder = z.strictObject({
  system: z.string(),
  scenario: z.string(),
  seed: z.int(),
  /** Unix milliseconds: when the systems began to work, and from when on the tower hears of it. */
  from: z.int(),
  tellFrom: z.int(),
  place: z.strictObject({
    drop: z.string(),
    mllpPort: z.int(),
    hook: z.strictObject({ url: z.string(), secret: z.string() }),
    gateway: z.strictObject({ url: z.string(), key: z.string() }),
    edgeConfig: z.string(),
    /** Of the database with the outbox; null where there is none. */
    outbox: z.string().nullable(),
    /** Ports of the systems that answer calls. */
    ports: z.record(z.string(), z.int()),
  }),
});
export type SystemOrder = z.infer<typeof systemOrder>;

const letter = z.strictObject({ from: z.string(), format: z.string(), text: z.string() });

/** What a system is told: to do what is due at a time, or to end. */
export const command = z.union([
  z.strictObject({ now: z.number(), mail: z.array(letter) }),
  z.strictObject({ end: z.literal(true) }),
]);
export type Command = z.infer<typeof command>;

/** What a system tells after each step, and first of all when it is ready. */
export type Report = Omit<Deeds, "utterances"> & { nextAt: number | null; said: number };

const SPEAKERS: Record<System["protocol"], (place: SystemOrder["place"]) => Speaker> = {
  directory: createFolderSpeaker,
  mllp: createMllpSpeaker,
  webhook: createHookSpeaker,
  sdk: createSdkSpeaker,
  wrap: createJobSpeaker,
  outbox: createOutboxSpeaker,
};

/** One system of the network, as a process: it does what it is led to do, and says in its own protocol what the tower may hear of it. */
async function run(order: SystemOrder): Promise<void> {
  const system = SYSTEMS.find(({ id }) => id === order.system);
  if (system === undefined) throw new AppError("not_found", `The network has no system ${order.system}.`);
  const { scenario: path, seed, from, tellFrom, place } = order;
  const speaker = SPEAKERS[system.protocol](place);
  const scenario = parseScenario({ path, text: readFileSync(path, "utf8") });
  let time = from;
  const caller = createSystemCaller({ place, now: () => time, tellFrom });
  const agent = openSystem(system, createWorld(scenario, { seed, from }), caller.call);
  const close = await listen(agent, place.ports[order.system]);
  let said = 0;
  const say = async (utterance: Utterance) => {
    if (utterance.at < tellFrom) return;
    await speaker.say(utterance);
    said += 1;
  };
  const report = ({ utterances: _said, ...deeds }: Deeds) => {
    const nextAt = agent.nextAt();
    send({ ...deeds, nextAt: Number.isFinite(nextAt) ? nextAt : null, said });
  };
  const obey = async (told: Command) => {
    if ("end" in told) {
      await speaker.end();
      await caller.end();
      close();
      return process.disconnect();
    }
    time = told.now;
    const deeds = await agent.act(told.now, told.mail);
    for (const utterance of deeds.utterances) await say(utterance);
    report(deeds);
  };
  process.on("message", (message) => void obey(command.parse(message)).catch(fail));
  process.on("disconnect", () => process.exit());
  report({ utterances: [], mail: [], faults: [], called: [] });
}

function send(report: Report): void {
  process.send?.(report);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

/** Lets others call a system over HTTP, where it has a port; what ends that. */
async function listen(agent: Agent, port: number | undefined): Promise<() => void> {
  if (port === undefined) return () => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const call = { path: request.url ?? "", body: Buffer.concat(chunks).toString() };
      const { status, headers, body } = agent.answer(call, Number(request.headers[TIME_HEADER]));
      response.writeHead(status, headers).end(body);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

await run(systemOrder.parse(JSON.parse(process.argv[2] ?? ""))).catch(fail);
