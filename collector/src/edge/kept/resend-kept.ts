import { AppError } from "@throughline/schemas/error";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { EdgeConfig } from "../config/edge-config.ts";
import { createSendNow } from "../forward/send-now.ts";
import { type SentUnits, sendUnits } from "../run/send-units.ts";
import { type Kept, type KeptPlace, listKept } from "./list-kept.ts";
import { type KeptContent, readKept } from "./read-kept.ts";
import { readResent, writeResent } from "./resent-file.ts";

export interface ResendOptions {
  config: EdgeConfig;
  pack: DocumentPack;
  place: KeptPlace;
  revision?: { number: number; reason: string } | undefined;
  now: () => number;
  signal: AbortSignal;
}

/**
 * Sends something that is kept to the gateway: a document as its interface would be read now, an event as it was. When all of it was taken
 * that is noted, and it no longer counts as waiting. Throws `not_found` when it is not kept any more.
 */
export async function resendKept(kept: Kept, options: ResendOptions): Promise<SentUnits> {
  const { config, place, now } = options;
  const sent = await send(kept, await readKept(kept, place, config), options);
  if (sent.refusals.size === 0 && kept.class !== "raw") {
    const waiting = new Set((await listKept(place)).map(({ id }) => id));
    const resent = [...readResent(place.directory)].filter(([id]) => waiting.has(id));
    await writeResent(place.directory, new Map([...resent, [kept.id, new Date(now()).toISOString()]]));
  }
  return sent;
}

async function send(kept: Kept, content: KeptContent, options: ResendOptions): Promise<SentUnits> {
  if (content.kind === "event") {
    const refused = await createSendNow(options.config, options)([content.text]);
    const refusals = new Map(refused.map((reason) => [reason, 1]));
    return { documents: 0, events: 1 - refused.length, findings: 0, refusals };
  }
  const { bytes } = content;
  const { identity, interface: interfaceId } = kept;
  if (interfaceId === undefined || identity === undefined)
    throw new AppError("invalid_request", `${kept.id} belongs to no interface: nothing can be made of it.`);
  return sendUnits([{ identity, stream: [bytes], raw: bytes, isPatient: false }], { ...options, interfaceId });
}
