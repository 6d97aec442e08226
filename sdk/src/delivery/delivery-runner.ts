import { type Delivery, deliver, findDueMs } from "./delivery.ts";

/** Runs the delivery whenever something is due, one run at a time. Its timers keep no process alive. */
export interface DeliveryRunner {
  /** Does something else first. Nothing runs before this. */
  begin(first: () => Promise<void>): void;
  /** An event came. Does nothing more than it must. */
  wake(): void;
  runNow(): void;
  isIdle(): boolean;
  /** Resolves when the run that is under way has ended; none follows. */
  end(): Promise<void>;
}

export function createDeliveryRunner(delivery: Delivery): DeliveryRunner {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let hasBegun = false;
  let isHurried = false;
  const schedule = () => {
    clearTimeout(timer);
    const dueMs = delivery.isStopped ? undefined : findDueMs(delivery);
    timer = dueMs === undefined ? undefined : setTimeout(runNow, dueMs).unref();
  };
  const runTask = (task: () => Promise<void>) => {
    isHurried = false;
    running ??= task()
      .catch((error: unknown) => delivery.report({ code: "delivery", message: `Delivery failed: ${String(error)}` }))
      .finally(() => {
        running = undefined;
        delivery.onProgress();
        schedule();
      });
  };
  const runNow = () => runTask(() => deliver(delivery));
  return {
    begin: (first) => {
      hasBegun = true;
      runTask(first);
    },
    wake: () => {
      if (!hasBegun || running !== undefined || isHurried) return;
      const isFull = delivery.queue.waiting() >= delivery.limits.batchEvents;
      if (timer !== undefined && !isFull) return;
      isHurried = isFull;
      schedule();
    },
    runNow,
    isIdle: () => running === undefined,
    end: async () => {
      clearTimeout(timer);
      await running;
      clearTimeout(timer);
    },
  };
}
