import type { ClickHouseClient } from "@clickhouse/client";
import type { LegRow } from "../legs/leg-row.ts";
import { readSourceWaits, readWakingLegs } from "./leg-store.ts";
import { createSourceBounds } from "./source-bounds.ts";
import { type Wakes, createWakes } from "./wakes.ts";

const AHEAD_MS = 6 * 3_600_000;
/**
 * Of the legs in memory at most about so many, at 1 KB each. Where more wait for a time, the horizon comes nearer; where more
 * wait for watermarks, those that wait for the greatest of each source are read when the others have been woken.
 */
const MAX_WAITING = 500_000;
/** What falls due so soon is in memory, however many legs it is. */
const SOON_MS = 5 * 60_000;

/** What wakes by itself in the next hours, or sooner where it is very much; what does later is in the store only. */
export interface WakeHorizon {
  wakes: Wakes;
  /**
   * Moves the horizon on when half of it is used up. What comes within it is read beside the next steps, and waited for
   * only when it may be due already; so is what waits for a watermark that has come. `before` is the number of the next
   * step. Throws what a reading failed of.
   */
  moveOn: (now: number, before: number, watermarkOf: (source: string) => number) => Promise<void>;
  /** Up to which watermark of a source all that waits for it is in memory; Infinity when all is. */
  boundOf: (source: string) => number;
  isReading: () => boolean;
  close: () => Promise<void>;
}

export interface HorizonOptions {
  flows: ReadonlySet<string>;
  now: number;
  /** The number of the next step: rows of earlier ones are read. */
  before: number;
  maxWaiting?: number | undefined;
  /** By source, the watermark up to which a step that was interrupted woke legs: those are held at first, however many. */
  floors?: Readonly<Record<string, number>> | undefined;
}

/** Reads the legs of these flows that wait, as they were before a step. */
export async function openWakeHorizon(
  client: ClickHouseClient,
  { flows, maxWaiting = MAX_WAITING, floors = {}, ...at }: HorizonOptions,
): Promise<WakeHorizon> {
  const closing = new AbortController();
  let until = at.now + AHEAD_MS;
  let ahead = AHEAD_MS;
  let limit = maxWaiting;
  const bounds = createSourceBounds();
  const wakes = createWakes(() => until, bounds.boundOf);
  const shrink = (now: number) => {
    if (wakes.size() <= limit) {
      limit = Math.max(maxWaiting, Math.min(limit, wakes.size() * 1.5));
      return;
    }
    until = Math.min(until, wakes.shrink(maxWaiting / 2, now + SOON_MS));
    bounds.lower(wakes.shrinkSources(maxWaiting / 2, (source) => floors[source] ?? 0));
    limit = Math.max(maxWaiting, wakes.size() * 1.5);
    ahead = until - now;
  };
  const into = (now: number, isFresh: boolean) => ({ wakes, flows, isFresh, afterEach: () => shrink(now) });
  const { signal } = closing;
  const read = async (query: { now: number; before: number; from: number | undefined; until: number }) => {
    const stop = wakes.startAdopting();
    await adopt(readWakingLegs(client, { ...query, signal }), into(query.now, false));
    stop();
  };
  await read({ ...at, from: undefined, until });
  let readUntil = until;
  let failure: { cause: unknown } | undefined;
  let reading: Promise<void> | undefined;
  const start = (now: number, before: number) => {
    reading = read({ now, before, from: readUntil, until }).then(
      () => void ([readUntil, reading] = [until, undefined]),
      (cause: unknown) => void ([failure, reading] = [{ cause }, undefined]),
    );
  };
  return {
    wakes,
    boundOf: bounds.boundOf,
    moveOn: async (now, before, watermarkOf) => {
      shrink(now);
      readUntil = Math.min(readUntil, until);
      if (reading === undefined && until - now <= ahead / 2) {
        ahead = Math.min(AHEAD_MS, ahead * 2);
        until = now + ahead;
        start(now, before);
      }
      if (now >= readUntil) await reading;
      if (failure !== undefined) throw failure.cause;
      const due = bounds.liftPassed(watermarkOf, wakes.findNext);
      if (due.size > 0) await adopt(readSourceWaits(client, { before, bounds: due, signal }), into(now, true));
    },
    isReading: () => reading !== undefined,
    close: async () => {
      closing.abort();
      await reading;
    },
  };
}

async function adopt(
  groups: AsyncIterable<LegRow[]>,
  into: { wakes: Wakes; flows: ReadonlySet<string>; isFresh: boolean; afterEach: () => void },
) {
  for await (const rows of groups) {
    for (const row of rows) if (into.flows.has(row.flow)) into.wakes.adopt(row, into.isFresh);
    into.afterEach();
  }
}
