import type { EncodedEvent } from "../exporters/exporter.ts";
import type { DropReason } from "../problem.ts";
import type { Report } from "../problems.ts";
import { type BackoffLimits, toPauseMs } from "./backoff.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Refusal } from "./gateway-answer.ts";
import type { PostBatch, PostOutcome } from "./post-batch.ts";
import type { Spool, SpoolChunk } from "./spool.ts";

export interface DeliveryLimits extends BackoffLimits {
  /** Of one request. */
  batchEvents: number;
  batchBytes: number;
  /** How long an event may wait for others. */
  lingerMs: number;
}

/** Events that are sent together. Their parts, when they have to be split, come from the same chunk. */
interface Work {
  events: readonly EncodedEvent[];
  chunk: SpoolChunk | undefined;
  /** Answers of 500 to it. */
  failures: number;
  /** How many requests had succeeded at the last of them, and how often others succeeded between two. */
  succeededBefore: number;
  blamed: number;
}

export interface Delivery {
  queue: EventQueue;
  spool: Spool | undefined;
  post: PostBatch;
  limits: DeliveryLimits;
  report: Report;
  now: () => number;
  counts: { sent: number; refused: number; retries: number; dropped: Partial<Record<DropReason, number>> };
  /** What was taken and failed, to be sent before anything else. */
  held: Work[];
  /** What is on its way. */
  sending: Work | undefined;
  /** What is being written to the disk. */
  spilling: readonly EncodedEvent[];
  /** In a row; each lengthens the pause. */
  failures: number;
  succeeded: number;
  pausedUntil: number;
  isTurnOfSpool: boolean;
  /** Nothing waits for others: someone flushes. */
  isUrgent: boolean;
  isStopped: boolean;
  /** Called after each request. */
  onProgress: () => void;
}

const FAILURES_BEFORE_SPLIT = 5;
const BLAMED_BEFORE_DROP = 3;
const MAX_TOLD_ISSUES = 20;
/** After a disk has failed it is not asked again at once. */
const MIN_SPILL_MS = 20;

export function drop(delivery: Delivery, reason: DropReason, count: number): void {
  const { dropped } = delivery.counts;
  dropped[reason] = (dropped[reason] ?? 0) + count;
  delivery.report({ code: "dropped", reason, message: `Events were dropped: ${reason}.` }, count);
}

/** Sends what is due, one request after the other, until nothing is due or the gateway wants a pause. */
export async function deliver(delivery: Delivery): Promise<void> {
  while (!delivery.isStopped) {
    if (delivery.now() < delivery.pausedUntil) {
      if (!(await spill(delivery))) return;
      continue;
    }
    const work = await nextWork(delivery);
    if (work === undefined) return;
    delivery.sending = work;
    const outcome = await delivery.post(work.events);
    await settle(delivery, work, outcome);
    delivery.sending = undefined;
    delivery.onProgress();
  }
}

/** How long until something is due, in milliseconds; undefined when nothing waits. */
export function findDueMs(delivery: Delivery): number | undefined {
  const { queue, spool, held, limits, now } = delivery;
  const pauseMs = Math.max(0, delivery.pausedUntil - now());
  const oldest = queue.oldestGivenAt();
  const isHeld = held.length > 0 || (spool?.size().events ?? 0) > 0;
  if (oldest === undefined) return isHeld ? pauseMs : undefined;
  const restMs = Math.max(0, Math.min(limits.lingerMs, oldest + limits.lingerMs - now()));
  const lingerMs = isQueueDue(delivery) ? 0 : restMs;
  // During a pause the disk takes what waits.
  if (spool !== undefined && pauseMs > 0) return Math.min(pauseMs, Math.max(lingerMs, MIN_SPILL_MS));
  return isHeld ? pauseMs : Math.max(pauseMs, lingerMs);
}

function isQueueDue({ queue, limits, isUrgent, now }: Delivery): boolean {
  const waiting = queue.waiting();
  if (waiting === 0) return false;
  if (isUrgent || waiting >= limits.batchEvents || queue.size().bytes >= limits.batchBytes) return true;
  const ageMs = now() - (queue.oldestGivenAt() ?? now());
  // An age below zero: the clock was set back.
  return ageMs >= limits.lingerMs || ageMs < 0;
}

/** What failed first, then in turns the oldest of the disk and of the queue. */
async function nextWork(delivery: Delivery): Promise<Work | undefined> {
  const { queue, spool, limits, held } = delivery;
  const isDue = isQueueDue(delivery);
  const [first] = held;
  // A single event on which the gateway fails lets others pass, to tell whether it is to blame.
  const letsPass =
    isDue && first?.events.length === 1 && first.failures > 0 && delivery.succeeded === first.succeededBefore;
  if (first !== undefined && !letsPass) return held.shift();
  const wantsSpool = spool !== undefined && spool.size().events > 0 && (delivery.isTurnOfSpool || !isDue);
  const chunk = wantsSpool ? await takeChunk(spool) : undefined;
  delivery.isTurnOfSpool = chunk === undefined;
  if (chunk !== undefined) return toWork(chunk.events, chunk);
  const events = isDue ? queue.take(limits.batchEvents, limits.batchBytes) : [];
  return events.length > 0 ? toWork(events, undefined) : held.shift();
}

/** A segment of which nothing can be read is over at once. */
async function takeChunk(spool: Spool): Promise<SpoolChunk | undefined> {
  for (;;) {
    const chunk = await spool.take();
    if (chunk === undefined || chunk.events.length > 0) return chunk;
    await chunk.settle(0);
  }
}

function toWork(events: readonly EncodedEvent[], chunk: SpoolChunk | undefined): Work {
  return { events, chunk, failures: 0, succeededBefore: 0, blamed: 0 };
}

async function settle(delivery: Delivery, work: Work, outcome: PostOutcome): Promise<void> {
  if (outcome.kind === "retry") return retryLater(delivery, work, outcome);
  delivery.failures = 0;
  if (outcome.kind === "split") return split(delivery, work, outcome.status === 413 ? "too_large" : "refused");
  delivery.succeeded++;
  const { refusal } = outcome;
  delivery.counts.sent += refusal?.accepted ?? work.events.length;
  if (refusal !== undefined) tellRefusal(delivery, work, refusal);
  await release(delivery, work);
}

/** Halves go separately, until the one that cannot be taken stands alone. */
async function split(delivery: Delivery, work: Work, why: "too_large" | "refused" | "poison"): Promise<void> {
  const { events, chunk } = work;
  if (events.length > 1) {
    const middle = Math.ceil(events.length / 2);
    const parts = [events.slice(0, middle), events.slice(middle)];
    delivery.held.unshift(...parts.map((part) => toWork(part, chunk)));
    return;
  }
  if (why === "refused") tellRefusal(delivery, work, { accepted: 0, refused: 1, issues: [] });
  else drop(delivery, why, 1);
  await release(delivery, work);
}

async function retryLater(delivery: Delivery, work: Work, outcome: PostOutcome & { kind: "retry" }): Promise<void> {
  const { limits, report, counts } = delivery;
  counts.retries++;
  delivery.failures++;
  const failures = outcome.isHopeless ? Number.POSITIVE_INFINITY : delivery.failures;
  delivery.pausedUntil = delivery.now() + toPauseMs(failures, outcome.afterMs, limits);
  report({ code: "delivery", message: `The gateway took nothing: ${outcome.why}. It is asked again.` });
  if (outcome.isOurs && isToBlame(delivery, work)) return split(delivery, work, "poison");
  delivery.held.unshift(work);
}

/** The gateway fails on it: on several events again and again, on a single one while it takes others. */
function isToBlame(delivery: Delivery, work: Work): boolean {
  work.failures++;
  if (work.failures > 1 && delivery.succeeded > work.succeededBefore) work.blamed++;
  work.succeededBefore = delivery.succeeded;
  return work.events.length > 1 ? work.failures >= FAILURES_BEFORE_SPLIT : work.blamed >= BLAMED_BEFORE_DROP;
}

/** Moves what waits in memory to the disk while the gateway is away. False when there is nothing to move or no disk. */
async function spill(delivery: Delivery): Promise<boolean> {
  const { spool, queue, limits, held } = delivery;
  if (spool === undefined) return false;
  const fromQueue = held.findIndex(({ chunk, failures }) => chunk === undefined && failures === 0);
  const work = fromQueue === -1 ? undefined : held.splice(fromQueue, 1)[0];
  const events = work?.events ?? queue.take(limits.batchEvents, limits.batchBytes);
  if (events.length === 0) return false;
  delivery.spilling = events;
  try {
    await spool.append(events);
    queue.release(events);
    return true;
  } catch (error) {
    held.push(work ?? toWork(events, undefined));
    delivery.report({ code: "spool", message: `The spool cannot be written: ${String(error)}` });
    return false;
  } finally {
    delivery.spilling = [];
  }
}

async function release(delivery: Delivery, { events, chunk }: Work): Promise<void> {
  if (chunk === undefined) delivery.queue.release(events);
  else await chunk.settle(events.length);
}

function tellRefusal(delivery: Delivery, { events }: Work, { refused, issues }: Refusal): void {
  delivery.counts.refused += refused;
  const [first] = issues;
  const event = first === undefined ? events[0] : events[first.index];
  const about = first === undefined ? "" : `: ${first.path} ${first.message}`;
  const told = issues.slice(0, MAX_TOLD_ISSUES).map(({ index, path, message }) => ({
    path: `${events[index]?.id ?? ""}${path}`,
    message,
  }));
  const message = `The gateway refused ${event?.type ?? "an event"} ${event?.id ?? ""}${about}`;
  delivery.report({ code: "refused", message, issues: told }, refused);
}
