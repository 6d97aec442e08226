import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import type { EdgeConfig } from "../config/edge-config.ts";
import { readSecret } from "../config/read-secret.ts";
import { toPauseMs } from "./back-off.ts";
import { createClockSkew } from "./clock-skew.ts";
import { createPostEvents } from "./post-events.ts";

/** Takes events, as JSON texts, to the gateway and returns why those were refused that it does not take. */
export type SendNow = (events: readonly string[]) => Promise<string[]>;

const TRIES = 6;

/** Sends without a spool, and tries again for a while. Throws `unavailable` when the gateway takes nothing. */
export function createSendNow(
  { gateway }: Pick<EdgeConfig, "gateway">,
  { now, signal }: { now: () => number; signal: AbortSignal },
): SendNow {
  const post = createPostEvents({ url: gateway.url, key: readSecret(gateway.keyFile), skew: createClockSkew(), now });
  const send: SendNow = async (events) => {
    for (let tried = 1; events.length > 0; tried++) {
      const outcome = await post(events, signal);
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
