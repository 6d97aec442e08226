import { createReadStream } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import type { Event } from "@throughline/schemas/event";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { EdgeConfig } from "../config/edge-config.ts";
import { readSecret } from "../config/read-secret.ts";
import { digestFile } from "../files/digest-file.ts";
import { toPauseMs } from "../forward/back-off.ts";
import { createClockSkew } from "../forward/clock-skew.ts";
import { createPostEvents } from "../forward/post-events.ts";
import { createIntake } from "./intake.ts";
import { readPolicy } from "./redaction-policy.ts";

/** What became of a file that was sent. */
export interface SentFile {
  documents: number;
  /** Events that the gateway has on its disk. */
  events: number;
  findings: number;
  /** Why documents became nothing, and why the gateway refused events, each reason with how often. */
  refusals: Map<string, number>;
}

export interface SendOptions {
  config: EdgeConfig;
  pack: DocumentPack;
  /** Whose format, mappings and zone are used. */
  interfaceId: string;
  now: () => number;
  signal: AbortSignal;
}

const TRIES = 6;

/**
 * Takes one file to the gateway at once, as its interface would, without a spool. Its events have the ids that they would have had,
 * so that it is harmless to send it again. Throws `unavailable` when the gateway takes nothing, and `not_found` for an unknown interface.
 */
export async function sendFile(path: string, options: SendOptions): Promise<SentFile> {
  const { config, pack, interfaceId, now, signal } = options;
  const found = config.interfaces.find(({ id }) => id === interfaceId);
  if (found === undefined) throw new AppError("not_found", `The configuration has no interface ${interfaceId}.`);
  const sent: SentFile = { documents: 0, events: 0, findings: 0, refusals: new Map() };
  const note = (reason: string) => sent.refusals.set(reason, (sent.refusals.get(reason) ?? 0) + 1);
  const send = createSender(config, { now, signal });
  const intake = createIntake({
    config: found,
    pack,
    policy: readPolicy(config),
    signal,
    append: async (events) => {
      const refused = await send(events);
      for (const reason of refused) note(reason);
      sent.events += events.length - refused.length;
    },
    keep: async (documents) => {
      for (const { reason } of documents) note(reason);
    },
  });
  const identity = await digestFile(path);
  await intake.take({ identity, stream: createReadStream(path), isPatient: false });
  const { documents, findings } = intake.counts();
  return { ...sent, documents, findings };
}

/** Sends events and tries again for a while; returns why those were refused that the gateway does not take. */
function createSender({ gateway }: EdgeConfig, { now, signal }: Pick<SendOptions, "now" | "signal">) {
  const post = createPostEvents({ url: gateway.url, key: readSecret(gateway.keyFile), skew: createClockSkew(), now });
  const send = async (events: readonly Event[]): Promise<string[]> => {
    for (let tried = 1; events.length > 0; tried++) {
      const outcome = await post(
        events.map((event) => JSON.stringify(event)),
        signal,
      );
      if (outcome.kind === "done") return outcome.refusals.map(({ reason }) => reason);
      if (outcome.kind === "split") {
        if (events.length === 1) return [outcome.reason];
        const middle = Math.ceil(events.length / 2);
        return [...(await send(events.slice(0, middle))), ...(await send(events.slice(middle)))];
      }
      if (outcome.needsPerson || tried === TRIES)
        throw new AppError("unavailable", `The gateway takes nothing: ${outcome.reason}.`);
      await pause(toPauseMs(tried, outcome.afterMs, Math.random()), undefined, { signal });
    }
    return [];
  };
  return send;
}
