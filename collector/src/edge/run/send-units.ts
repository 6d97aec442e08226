import { AppError } from "@throughline/schemas/error";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { EdgeConfig } from "../config/edge-config.ts";
import { readSecretBytes } from "../config/read-secret.ts";
import { createSendNow } from "../forward/send-now.ts";
import { openRaw } from "../raw/open-raw.ts";
import { createIntake } from "./intake.ts";
import { readPolicy } from "./redaction-policy.ts";
import type { Unit } from "./unit.ts";

/** What became of what was sent. */
export interface SentUnits {
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
  /** Of documents that are mapped again after a correction. */
  revision?: { number: number; reason: string } | undefined;
  now: () => number;
  signal: AbortSignal;
}

/**
 * Takes what a source would have read to the gateway at once, without a spool. Its events have the ids that they would have had, so that it
 * is harmless to send it again. Throws `unavailable` when the gateway takes nothing, and `not_found` for an unknown interface.
 */
export async function sendUnits(units: readonly Unit[], options: SendOptions): Promise<SentUnits> {
  const { config, pack, interfaceId, revision, now, signal } = options;
  const found = config.interfaces.find(({ id }) => id === interfaceId);
  if (found === undefined) throw new AppError("not_found", `The configuration has no interface ${interfaceId}.`);
  const sent: SentUnits = { documents: 0, events: 0, findings: 0, refusals: new Map() };
  const note = (reason: string) => sent.refusals.set(reason, (sent.refusals.get(reason) ?? 0) + 1);
  const send = createSendNow(config, { now, signal });
  const readRawSecret = () => readSecretBytes(config.spool.keyFile);
  const intake = createIntake({
    config: found,
    pack,
    policy: readPolicy(config),
    raw: found.raw && (await openRaw(found, { directory: undefined, secret: readRawSecret(), now })),
    revision,
    signal,
    append: async (events) => {
      const refused = await send(events.map((event) => JSON.stringify(event)));
      for (const reason of refused) note(reason);
      sent.events += events.length - refused.length;
    },
    keep: async (documents) => {
      for (const { class: why, reason } of documents) if (why !== "mapping") note(reason);
    },
  });
  await intake.take(units);
  const { documents, findings } = intake.counts();
  return { ...sent, documents, findings };
}
