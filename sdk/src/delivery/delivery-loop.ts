import type { Exporter } from "../exporters/exporter.ts";
import { createDeliveryRunner } from "./delivery-runner.ts";
import { type Delivery, drop } from "./delivery.ts";
import { findOldest, keepAtExit, keepRest } from "./remainder.ts";
import { settleWithin } from "./settle-within.ts";

/**
 * Takes events, flushes and ends. `open` comes before the first delivery; `abort` ends the request that is on its way. A
 * flush keeps the process alive until it is over.
 */
export function createDeliveryLoop(
  delivery: Delivery,
  { open, abort }: { open: () => Promise<void>; abort: () => void },
): Omit<Exporter, "stats"> {
  const runner = createDeliveryRunner(delivery);
  const waiters = createWaiters(delivery);
  delivery.onProgress = waiters.answer;
  let isOpen = true;
  let isStarted = false;
  const flush = async (timeoutMs: number): Promise<boolean> => {
    if (findOldest(delivery) === undefined && runner.isIdle()) return true;
    if (!isStarted || delivery.isStopped) return false;
    delivery.isUrgent = true;
    delivery.pausedUntil = 0;
    const isDone = waiters.wait(timeoutMs);
    runner.runNow();
    return isDone;
  };
  const shutdown = async (timeoutMs: number): Promise<boolean> => {
    isOpen = false;
    const isDone = await flush(timeoutMs);
    if (delivery.isStopped) return isDone;
    delivery.isStopped = true;
    abort();
    await runner.end();
    await keepRest(delivery);
    return isDone;
  };
  const take: Exporter["take"] = (event) => {
    if (!isOpen) {
      drop(delivery, "after_shutdown", 1);
      return false;
    }
    const given = delivery.queue.push(event);
    if (given.length > 0) drop(delivery, "queue_full", given.length);
    runner.wake();
    return given.length === 0 || !given.includes(event);
  };
  const start = () => {
    if (isStarted || !isOpen) return;
    isStarted = true;
    runner.begin(open);
  };
  return { start, take, flush, shutdown, saveAtExit: () => keepAtExit(delivery) };
}

/** Those who wait until everything that was given before they came is dealt with. */
function createWaiters(delivery: Delivery) {
  const waiters = new Set<{ calledAt: number; done: () => void }>();
  return {
    answer: () => {
      if (waiters.size === 0) return;
      const oldest = findOldest(delivery);
      for (const { calledAt, done } of waiters) if (oldest === undefined || oldest > calledAt) done();
    },
    wait: async (timeoutMs: number): Promise<boolean> => {
      const { promise, resolve } = createPromise();
      const waiter = { calledAt: delivery.now(), done: resolve };
      waiters.add(waiter);
      const isDone = await settleWithin(promise, timeoutMs);
      waiters.delete(waiter);
      delivery.isUrgent = waiters.size > 0;
      return isDone;
    },
  };
}

function createPromise(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
