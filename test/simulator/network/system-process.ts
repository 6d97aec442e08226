import { setTimeout as delay } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import { DAY, HOUR } from "../demand.ts";
import { generateTrade } from "../generate-trade.ts";
import { toTold } from "./native/told.ts";
import { parseScenario } from "./scenario.ts";
import { createFolderSpeaker, createHookSpeaker, createJobSpeaker, createMllpSpeaker, type Speaker } from "./speak.ts";
import { createSdkSpeaker } from "./speak-sdk.ts";
import { toTrade } from "./stage.ts";
import { SYSTEMS, type System } from "./systems.ts";

/** What a system of the network is started with, as its one argument in JSON. */
export const systemOrder = z.strictObject({
  system: z.string(),
  scenario: z.string(),
  seed: z.int(),
  /** Unix milliseconds: when the trade began, and from when and until when it is told of. */
  from: z.int(),
  tellFrom: z.int(),
  tellUntil: z.int(),
  /** Unix milliseconds of the real clock at which `tellFrom` is now, and how much faster the trade is; null for as fast as can be. */
  startsAt: z.int(),
  speed: z.number().positive().nullable(),
  place: z.strictObject({
    drop: z.string(),
    mllpPort: z.int(),
    hook: z.strictObject({ url: z.string(), secret: z.string() }),
    gateway: z.strictObject({ url: z.string(), key: z.string() }),
    edgeConfig: z.string(),
  }),
});
export type SystemOrder = z.infer<typeof systemOrder>;

const SPEAKERS: Record<System["protocol"], (place: SystemOrder["place"]) => Speaker> = {
  directory: createFolderSpeaker,
  mllp: createMllpSpeaker,
  webhook: createHookSpeaker,
  sdk: createSdkSpeaker,
  wrap: createJobSpeaker,
};

/**
 * One system of the network. Each process plays the whole trade for itself, which the seed determines, and says of it only what its
 * own system says, in its own protocol, when its time has come. It prints how many things it said.
 */
async function run(order: SystemOrder): Promise<void> {
  const system = SYSTEMS.find(({ id }) => id === order.system);
  if (system === undefined) throw new AppError("not_found", `The network has no system ${order.system}.`);
  const speaker = SPEAKERS[system.protocol](order.place);
  let said = 0;
  for (const utterance of listUtterances(system, order)) {
    const dueAt = order.speed === null ? 0 : order.startsAt + (utterance.at - order.tellFrom) / order.speed;
    const waitMs = dueAt - Date.now();
    if (waitMs > 0) await delay(waitMs);
    await speaker.say(utterance);
    said += 1;
  }
  await speaker.end();
  process.stdout.write(`${said}\n`);
}

function listUtterances(system: System, { scenario: path, seed, from, tellFrom, tellUntil }: SystemOrder) {
  const scenario = parseScenario({ path, text: readFileSync(path, "utf8") });
  const trade = generateTrade({
    ...toTrade(scenario, from),
    seed,
    to: tellUntil,
    tracedShare: 0,
    heartbeatEveryMs: HOUR,
  });
  const told = [...trade].flatMap((dispatch) =>
    dispatch.kind === "event" && dispatch.sendAt >= tellFrom - DAY ? [toTold(dispatch.event)] : [],
  );
  return system
    .write(told)
    .filter(({ at }) => tellFrom <= at && at <= tellUntil)
    .toSorted((a, b) => a.at - b.at);
}

await run(systemOrder.parse(JSON.parse(process.argv[2] ?? "")));
