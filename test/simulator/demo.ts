import { HOUR, MINUTE } from "./demand.ts";
import { type DemoState, openDemoState, saveDemoState } from "./demo-state.ts";
import { createGatewayClient } from "./gateway-client.ts";
import { generateTrade } from "./generate-trade.ts";
import { type Sender, type SentCounts, createSender } from "./sender.ts";
import type { Dispatch } from "./simulation.ts";
import { type Clock, createClock, toDueAt } from "./trade-clock.ts";

export interface DemoOptions {
  /** Where the gateway listens, such as `http://127.0.0.1:4318`. */
  gatewayUrl: string;
  /** A key that may send. */
  key: string;
  seed: number;
  /** Days of history before now. */
  days: number;
  /** 1 to 50; 3 unless given. */
  hospitals?: number | undefined;
  /** How many times faster than the clock history passes; as fast as the gateway takes it unless given. */
  speed?: number | undefined;
  /** The clock of the machine unless given. */
  clock?: Clock;
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
/** After so many things that were sent the state is kept, so that a history that is broken off need not begin anew. */
const SAVE_EVERY = 50_000;
const HOSPITALS = 3;
/** Signs of life are for whoever listens; of what lies behind us a few tell up to when it is complete. */
const LIVE_BEAT = 5 * MINUTE;
const HISTORY_BEAT = HOUR;

/**
 * Sends the history of a trade as fast as the gateway takes it, or at a speed, then lives on in real time until the signal. A
 * demo that is started again with the same truth file goes on with its trade where it stopped; what it may send twice has no effect.
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
  const { truthFile, seed, days, speed = Infinity, signal, onProgress, clock = createClock() } = options;
  const startedAt = clock.now();
  const state = openDemoState(truthFile, { seed, days, hospitals: options.hospitals ?? HOSPITALS, now: startedAt });
  const { sentUntil: resumedAt } = state;
  const keep = createKeeper(sender, { truthFile, state });
  let isLive = false;
  let handled = 0;
  for (const dispatch of playOn(state)) {
    const { sendAt } = dispatch;
    const aheadMs = toDueAt(sendAt, { startedAt, from: resumedAt, speed }) - clock.now();
    await keep(sendAt, aheadMs > 0);
    if (!isLive && sendAt > clock.now()) {
      isLive = true;
      onProgress?.({ ...sender.counts(), share: 1, isLive });
    }
    if (aheadMs > 0) await clock.wait(Math.max(aheadMs, MIN_PAUSE_MS), signal);
    signal.throwIfAborted();
    await sender.add(dispatch);
    handled += 1;
    if (isLive || handled % REPORT_EVERY !== 0) continue;
    const share = (sendAt - resumedAt) / Math.max(1, clock.now() - resumedAt);
    onProgress?.({ ...sender.counts(), share, isLive });
  }
}

/** What is to be sent after the state, without an end. */
function* playOn(state: DemoState): Generator<Dispatch, void, undefined> {
  const { seed, hospitals, from, liveFrom, sentUntil } = state;
  const trade = generateTrade({
    seed,
    hospitals,
    from,
    to: Infinity,
    pace: (at) => (at < liveFrom ? 1 : LIVE_PACE),
    heartbeatEveryMs: (at) => (at < liveFrom - HISTORY_BEAT ? HISTORY_BEAT : LIVE_BEAT),
  });
  for (const dispatch of trade) if (dispatch.sendAt > sentUntil) yield dispatch;
}

/** Keeps up to where everything is sent: when it is asked to before a pause, and else after many things. */
function createKeeper(sender: Sender, { truthFile, state }: { truthFile: string; state: DemoState }) {
  let last = state.sentUntil;
  let unsaved = 0;
  return async (sendAt: number, isPause: boolean) => {
    if (isPause || (unsaved >= SAVE_EVERY && sendAt > last)) {
      await sender.flush();
      saveDemoState(truthFile, { ...state, sentUntil: sendAt - 1 });
      unsaved = 0;
    }
    last = sendAt;
    unsaved += 1;
  };
}
