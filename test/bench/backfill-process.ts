import { z } from "zod";
import { runDemo } from "../simulator/demo.ts";

/** What a process that sends the history of a trade is told over its channel. */
const backfillOrder = z.object({
  gatewayUrl: z.string(),
  key: z.string(),
  seed: z.number(),
  days: z.number(),
  hospitals: z.number(),
  truthFile: z.string(),
});

/** What came of it, when the gateway had acknowledged all. */
export const backfillResult = z.object({
  events: z.number(),
  spans: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  /** Bytes. */
  memory: z.number(),
});

async function run(message: unknown) {
  const startedAt = performance.now();
  const live = new AbortController();
  const sent = await runDemo({
    ...backfillOrder.parse(message),
    signal: live.signal,
    onProgress: ({ isLive }) => isLive && live.abort(),
  });
  const { user, system } = process.cpuUsage();
  process.send?.({
    ...sent,
    seconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: (user + system) / 1e6,
    memory: process.resourceUsage().maxRSS * 1024,
  });
}

process.once("message", (message) => void run(message));
process.once("disconnect", () => process.exit(0));
