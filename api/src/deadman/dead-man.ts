import { setTimeout as delay } from "node:timers/promises";
import type { OutgoingClient } from "@throughline/schemas/outgoing/outgoing-client";
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import type { Ailment, Examination, Lags } from "./examine-tower.ts";

export interface DeadManOptions {
  url: string;
  method: "GET" | "POST";
  intervalMs: number;
  version: string;
}

export interface DeadManDeps {
  options: DeadManOptions;
  client: OutgoingClient;
  /** What is wrong with the tower, and how far evaluation is. */
  examine: (previous: Lags | undefined) => Promise<Examination>;
  logger: Logger;
  now: () => number;
}

/** How the sending of signs of life has gone. Never holds the address, which may contain a secret. */
export interface DeadManState {
  lastSentAt: number | undefined;
  sent: number;
  /** Sign was due and the tower well, but it did not get through. */
  failed: number;
  /** Sign was due and was held back because a part of the tower was not well. */
  withheld: number;
  /** Why the last one was not sent; undefined when it was. */
  problem: string | undefined;
}

export interface DeadMan {
  state: () => Readonly<DeadManState>;
  stop: () => Promise<void>;
}

/**
 * Sends a sign of life at each interval for as long as the whole tower is well, so that somebody outside notices when it
 * is not. What fails is logged and kept in the state; it ends nothing.
 */
export function startDeadMan(deps: DeadManDeps): DeadMan {
  const { options, logger } = deps;
  const stopping = new AbortController();
  const state: DeadManState = { lastSentAt: undefined, sent: 0, failed: 0, withheld: 0, problem: undefined };
  let previous: Lags | undefined;
  const beat = async () => {
    const { ailments, lags } = await deps.examine(previous);
    previous = lags ?? previous;
    if (ailments.length > 0) {
      withhold(state, ailments, logger);
    } else {
      await sendSign(deps, { lags, signal: stopping.signal });
      if (state.problem !== undefined) logger.info("the dead-man's signs of life go out again");
      Object.assign(state, { lastSentAt: deps.now(), sent: state.sent + 1, problem: undefined });
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await beat();
      } catch (error) {
        if (stopping.signal.aborted) return;
        state.failed += 1;
        state.problem = error instanceof Error ? error.message : String(error);
        logger.warn({ err: error }, "a sign of life for the dead-man was not taken");
      }
      await delay(options.intervalMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    state: () => state,
    stop: async () => {
      stopping.abort();
      await running;
      await deps.client.close();
    },
  };
}

function withhold(state: DeadManState, ailments: readonly Ailment[], logger: Logger) {
  state.withheld += 1;
  state.problem = ailments.map(({ part, problem }) => `${part}: ${problem}`).join("; ");
  logger.warn({ ailments }, "no sign of life is sent to the dead-man: the tower is not well");
}

async function sendSign(
  { options, client, now }: DeadManDeps,
  { lags, signal }: { lags: Lags | undefined; signal: AbortSignal },
) {
  const sign = {
    service: "throughline",
    version: options.version,
    time: new Date(now()).toISOString(),
    lagMs: lags?.legs?.lagMs ?? null,
    evaluatedAt: lags?.legs?.evaluatedAt ?? null,
    reconciledAt: lags?.reconciler?.evaluatedAt ?? null,
    intervalSeconds: options.intervalMs / 1000,
  };
  const hasBody = options.method === "POST";
  const { status } = await client.send({
    url: options.url,
    method: options.method,
    headers: {
      "user-agent": `throughline/${options.version}`,
      ...(hasBody && { "content-type": "application/json" }),
    },
    ...(hasBody && { body: JSON.stringify(sign) }),
    signal,
  });
  if (status < 200 || status > 299) throw new Error(`The dead-man answered ${status}.`);
}

/** When a sign of life was taken last, and how often each came of it. */
export function addDeadManMetrics(registry: Registry, read: () => Readonly<DeadManState>) {
  const add = (name: string, help: string, valueOf: (state: Readonly<DeadManState>) => number) =>
    new Gauge({
      name: `throughline_deadman_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(valueOf(read()));
      },
    });
  add(
    "last_sent_timestamp_seconds",
    "When the dead-man took a sign of life last; 0 for never.",
    ({ lastSentAt = 0 }) => lastSentAt / 1000,
  );
  add("sent", "Signs of life that were taken.", ({ sent }) => sent);
  add("failed", "Signs of life that did not get through.", ({ failed }) => failed);
  add("withheld", "Signs of life that were held back since the tower was not well.", ({ withheld }) => withheld);
}
