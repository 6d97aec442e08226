import { AppError } from "@throughline/schemas/error";
import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { REPLAY_LIMITS, type ReplayOrder } from "@throughline/schemas/way-back/manifest";
import type { EdgeConfig } from "../config/edge-config.ts";
import { type Kept, listKept } from "../kept/list-kept.ts";
import { resendKept } from "../kept/resend-kept.ts";
import type { EdgeReport } from "./edge-report.ts";

export interface CarryOutParts {
  config: EdgeConfig;
  pack: DocumentPack;
  secret: Uint8Array;
  version: number;
  now: () => number;
  signal: AbortSignal;
}

/**
 * Sends again what an order names, each document with the ids that it had, and returns what is to be said of it. Throws `unavailable`
 * when the gateway takes nothing now: then the order stands.
 */
export async function carryOut(order: ReplayOrder, parts: CarryOutParts): Promise<EdgeReport> {
  const { config, secret, version, now } = parts;
  const said = { version, order: order.id };
  const refuse = (reason: string): EdgeReport => ({ kind: "order_refused", ...said, reason });
  if (!config.interfaces.some(({ id }) => id === order.interface)) return refuse("this edge has no such interface");
  if (Date.parse(order.expiresAt) < now()) return refuse(`it ran out at ${order.expiresAt}`);
  const place = { directory: config.spool.directory, secret };
  const kept = select(await listKept(place, { interface: order.interface }), order);
  if ("reason" in kept) return refuse(kept.reason);
  const sum = { documents: 0, events: 0 };
  const refusals = new Set<string>();
  for (const each of kept.found) {
    try {
      const sent = await resendKept(each, { ...parts, place, revision: order.revision ?? undefined });
      sum.documents += sent.documents;
      sum.events += sent.events;
      for (const reason of sent.refusals.keys()) refusals.add(reason);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "unavailable") throw error;
      refusals.add(error.message);
    }
  }
  const reason = [...refusals].join("; ").slice(0, 1000);
  return { kind: "order_done", ...said, reason, ...sum };
}

function select(kept: readonly Kept[], { target }: ReplayOrder): { found: Kept[] } | { reason: string } {
  if (target.kind === "kept") {
    const missing = target.ids.filter((id) => !kept.some((each) => each.id === id));
    return missing.length > 0
      ? { reason: `not kept here any more: ${missing.slice(0, 10).join(", ")}` }
      : { found: kept.filter(({ id }) => target.ids.includes(id)) };
  }
  const from = Date.parse(target.from);
  const to = Date.parse(target.to);
  const found = kept.filter(({ class: why, at }) => why === "raw" && from <= Date.parse(at) && Date.parse(at) < to);
  if (found.length > REPLAY_LIMITS.documents)
    return { reason: `${found.length} documents lie between these moments, more than ${REPLAY_LIMITS.documents}` };
  if (found.length === 0) return { reason: "no document that is kept lies between these moments" };
  return { found };
}
