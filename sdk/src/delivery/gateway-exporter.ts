import type { Exporter, ExporterStats } from "../exporters/exporter.ts";
import type { Report } from "../problems.ts";
import type { GatewayAddress } from "../tracing/own-tracing.ts";
import { type ClockOffset, createClockEstimator } from "./clock-offset.ts";
import { createDeliveryLoop } from "./delivery-loop.ts";
import { type Delivery, type DeliveryLimits, drop } from "./delivery.ts";
import { type QueueLimits, createEventQueue } from "./event-queue.ts";
import { createPostBatch } from "./post-batch.ts";
import { findOldest } from "./remainder.ts";
import { type SpoolOptions, createSpool } from "./spool.ts";

/** How requests are made. */
export interface RequestLimits extends DeliveryLimits {
  /** For a whole answer. */
  timeoutMs: number;
}

export interface DeliveryOptions {
  queue?: Partial<QueueLimits>;
  requests?: Partial<RequestLimits>;
  /** Keeps events on disk while the gateway is away. */
  spool?: SpoolOptions;
}

const QUEUE: QueueLimits = { maxEvents: 20_000, maxBytes: 32 * 1024 * 1024 };
const REQUESTS: RequestLimits = {
  batchEvents: 1000,
  batchBytes: 1024 * 1024,
  lingerMs: 1000,
  timeoutMs: 10_000,
  firstMs: 500,
  longestMs: 30_000,
};

/** Sends events to a gateway. Throws when its address is no URL. */
export function createGatewayExporter(
  options: DeliveryOptions & { gateway: GatewayAddress; report: Report; now: () => number },
): Exporter {
  const { gateway, report, now } = options;
  const clock = createClockEstimator();
  const stopper = new AbortController();
  const limits = { ...REQUESTS, ...options.requests };
  const delivery: Delivery = {
    queue: createEventQueue({ ...QUEUE, ...options.queue }),
    spool: undefined,
    post: createPostBatch({ gateway, timeoutMs: limits.timeoutMs, stop: stopper.signal, clock, now }),
    limits,
    report,
    now,
    counts: { sent: 0, refused: 0, retries: 0, dropped: {} },
    held: [],
    sending: undefined,
    spilling: [],
    failures: 0,
    succeeded: 0,
    pausedUntil: 0,
    isTurnOfSpool: false,
    isUrgent: false,
    isStopped: false,
    onProgress: () => undefined,
  };
  let recovered = 0;
  const open = async () => {
    recovered = await openSpool(delivery, options.spool);
  };
  const loop = createDeliveryLoop(delivery, { open, abort: () => stopper.abort() });
  return { ...loop, stats: () => toStats(delivery, recovered, clock.estimate()) };
}

/** Returns how many events an earlier process left. Without a spool that can be used, the memory has to do. */
async function openSpool(delivery: Delivery, options: SpoolOptions | undefined): Promise<number> {
  if (options === undefined) return 0;
  const { report } = delivery;
  const spool = createSpool({
    ...options,
    onDrop: (reason, count) => drop(delivery, reason, count),
    onDamage: (lines) => report({ code: "spool", message: "Lines of the spool are damaged and left out." }, lines),
  });
  // A process that ends while its spool is being read keeps there what is left, too.
  delivery.spool = spool;
  try {
    return await spool.open();
  } catch (error) {
    delivery.spool = undefined;
    report({ code: "spool", message: `There is no spool: ${String(error)}` });
    return 0;
  }
}

function toStats(delivery: Delivery, recovered: number, clock: ClockOffset | undefined): ExporterStats {
  const { counts, queue, spool, now } = delivery;
  const { events: queued, bytes: queuedBytes } = queue.size();
  const { events: spooled, bytes: spooledBytes } = spool?.size() ?? { events: 0, bytes: 0 };
  const oldest = findOldest({ ...delivery, spool: undefined });
  const oldestQueuedMs = oldest === undefined ? 0 : Math.max(0, now() - oldest);
  return { ...counts, queued, queuedBytes, spooled, spooledBytes, recovered, oldestQueuedMs, clock };
}
