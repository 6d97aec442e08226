import type { EncodedEvent } from "../exporters/exporter.ts";
import { type Delivery, drop } from "./delivery.ts";

/** What is only in memory: in the queue, held, on its way, and being written, which may come twice. */
function takeAll({ queue, held, sending, spilling, limits }: Delivery): EncodedEvent[] {
  const works = sending === undefined ? held : [sending, ...held];
  const rest = works.flatMap(({ events, chunk }) => (chunk === undefined ? events : [])).concat(spilling);
  while (queue.waiting() > 0) rest.push(...queue.take(limits.batchEvents, Number.POSITIVE_INFINITY));
  held.length = 0;
  return rest;
}

/** After the end: what could not be sent goes to the disk, or is dropped. */
export async function keepRest(delivery: Delivery): Promise<void> {
  const rest = takeAll(delivery);
  try {
    if (rest.length > 0 && delivery.spool !== undefined) await delivery.spool.append(rest);
    else if (rest.length > 0) drop(delivery, "shutdown", rest.length);
  } catch {
    drop(delivery, "spool_damaged", rest.length);
  }
  delivery.queue.release(rest);
  await delivery.spool?.close();
}

/** The same at once, when the process ends. */
export function keepAtExit(delivery: Delivery): void {
  if (delivery.isStopped) return;
  delivery.isStopped = true;
  const rest = takeAll(delivery);
  if (rest.length === 0) return;
  try {
    if (delivery.spool === undefined) drop(delivery, "shutdown", rest.length);
    else delivery.spool.appendNow(rest);
  } catch {
    drop(delivery, "spool_damaged", rest.length);
  }
  delivery.queue.release(rest);
}

/** When the oldest event that is not dealt with was given; 0 for those on disk, undefined when there is none. */
export function findOldest({ queue, spool, held, sending }: Delivery): number | undefined {
  if ((spool?.size().events ?? 0) > 0) return 0;
  const works = sending === undefined ? held : [sending, ...held];
  const times = [queue.oldestGivenAt(), ...works.map(({ events }) => events[0]?.givenAt)].filter(
    (time) => time !== undefined,
  );
  return times.length === 0 ? undefined : Math.min(...times);
}
