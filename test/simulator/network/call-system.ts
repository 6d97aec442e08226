import { createThroughline } from "@throughline/sdk";
import { createTracedFetch } from "@throughline/sdk/fetch";
import type { CallSystem } from "./agents/agent.ts";
import type { SystemOrder } from "./system-process.ts";

/** In which header a caller says what time it is in the trade, in Unix milliseconds. */
export const TIME_HEADER = "x-trade-time";
const CALLER = "pharmacy-api";

/** Calls systems over HTTP; of calls in the time that is told the SDK makes spans, with what the other side says of its limits. */
export function createSystemCaller({
  place,
  now,
  tellFrom,
}: {
  place: SystemOrder["place"];
  now: () => number;
  tellFrom: number;
}): { call: CallSystem; end(): Promise<void> } {
  const service = createThroughline({ source: `/services/${CALLER}`, serviceName: CALLER, gateway: place.gateway });
  const traced = createTracedFetch(service, { route: ({ pathname }) => pathname });
  return {
    call: async (to, { path, body }) => {
      const call = now() < tellFrom ? fetch : traced;
      const response = await call(`http://127.0.0.1:${place.ports[to] ?? 0}${path}`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", [TIME_HEADER]: String(now()) },
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      };
    },
    end: async () => void (await service.shutdown()),
  };
}
