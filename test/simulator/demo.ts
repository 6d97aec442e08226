import { setTimeout as delay } from "node:timers/promises";
import { openDemoState, saveDemoState } from "./demo-state.ts";
import { createGatewayClient } from "./gateway-client.ts";
import { generateTrade } from "./generate-trade.ts";
import { type Sender, type SentCounts, createSender } from "./sender.ts";

export interface DemoOptions {
  /** Where the gateway listens, such as `http://127.0.0.1:4318`. */
  gatewayUrl: string;
  /** A key that may send. */
  key: string;
  seed: number;
  /** Days of history before now. */
  days: number;
  now: Date;
  /** Ends the demo, which then returns. */
  signal: AbortSignal;
  /** Called while history is sent and once at its end; `share` is 0 to 1. */
  onProgress?: (progress: SentCounts & { share: number; isLive: boolean }) => void;
  /** Receives the truth of each fault as a line of JSON; its folder is made, and the demo's state is kept beside it. */
  truthFile: string;
}

/** How much livelier than history the live trade is, so that something happens every few seconds. */
const LIVE_PACE = 3;
const MIN_PAUSE_MS = 250;
const REPORT_EVERY = 2000;

/**
 * Sends the history of a trade as fast as the gateway takes it, then lives on in real time until the signal. A demo that
 * is started again with the same truth file goes on with its trade where it stopped; what it may send twice has no effect.
 */
export async function runDemo(options: DemoOptions): Promise<SentCounts> {
  const sender = createSender(createGatewayClient(options), options.truthFile);
  try {
    await sendTrade(options, sender);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
  return sender.counts();
}

async function sendTrade(options: DemoOptions, sender: Sender) {
  const { truthFile, seed, days, signal, onProgress } = options;
  const clockOffsetMs = options.now.getTime() - Date.now();
  const toNow = () => Date.now() + clockOffsetMs;
  const state = openDemoState(truthFile, { seed, days, now: toNow() });
  const { sentUntil: resumedAt } = state;
  const trade = generateTrade({ ...state, to: Infinity, pace: (at) => (at < state.liveFrom ? 1 : LIVE_PACE) });
  let isLive = false;
  let handled = 0;
  for (const dispatch of trade) {
    if (dispatch.sendAt <= resumedAt) continue;
    const aheadMs = dispatch.sendAt - toNow();
    if (aheadMs > 0) {
      await sender.flush();
      saveDemoState(truthFile, { ...state, sentUntil: dispatch.sendAt - 1 });
      if (!isLive) onProgress?.({ ...sender.counts(), share: 1, isLive: true });
      isLive = true;
      await delay(Math.max(aheadMs, MIN_PAUSE_MS), undefined, { signal });
    }
    signal.throwIfAborted();
    await sender.add(dispatch);
    handled += 1;
    if (isLive || handled % REPORT_EVERY !== 0) continue;
    const share = (dispatch.sendAt - resumedAt) / Math.max(1, toNow() - resumedAt);
    onProgress?.({ ...sender.counts(), share, isLive });
  }
}
