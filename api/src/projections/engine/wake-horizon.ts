import type { ClickHouseClient } from "@clickhouse/client";
import { readWakingLegs } from "./leg-store.ts";
import { type Wakes, createWakes } from "./wakes.ts";

const AHEAD_MS = 6 * 3_600_000;
/** Of the legs in memory at most about so many, at 1 KB each; where more wait, the horizon comes nearer. */
const MAX_WAITING = 500_000;
/** What falls due so soon is in memory, however many legs it is. */
const SOON_MS = 5 * 60_000;

/** What wakes by itself in the next hours, or sooner where it is very much; what does later is in the store only. */
export interface WakeHorizon {
  wakes: Wakes;
  /**
   * Moves the horizon on when half of it is used up. What comes within it is read beside the next steps, and waited for
   * only when it may be due already. `before` is the number of the next step. Throws what a reading failed of.
   */
  moveOn: (now: number, before: number) => Promise<void>;
  isReading: () => boolean;
  close: () => Promise<void>;
}

export interface HorizonOptions {
  flows: ReadonlySet<string>;
  now: number;
  /** The number of the next step: rows of earlier ones are read. */
  before: number;
  maxWaiting?: number | undefined;
}

/** Reads the legs of these flows that wait, as they were before a step. */
export async function openWakeHorizon(
  client: ClickHouseClient,
  { flows, maxWaiting = MAX_WAITING, ...at }: HorizonOptions,
): Promise<WakeHorizon> {
  const closing = new AbortController();
  let until = at.now + AHEAD_MS;
  let ahead = AHEAD_MS;
  let limit = maxWaiting;
  const wakes = createWakes(() => until);
  const shrink = (now: number) => {
    if (wakes.size() <= limit) {
      limit = Math.max(maxWaiting, Math.min(limit, wakes.size() * 1.5));
      return;
    }
    until = Math.min(until, wakes.shrink(maxWaiting / 2, now + SOON_MS));
    limit = Math.max(maxWaiting, wakes.size() * 1.5);
    ahead = until - now;
  };
  const read = async (query: { now: number; before: number; from: number | undefined; until: number }) => {
    const stop = wakes.startAdopting();
    for await (const rows of readWakingLegs(client, { ...query, signal: closing.signal })) {
      for (const row of rows) if (flows.has(row.flow)) wakes.adopt(row);
      shrink(query.now);
    }
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
    moveOn: async (now, before) => {
      shrink(now);
      readUntil = Math.min(readUntil, until);
      if (reading === undefined && until - now <= ahead / 2) {
        ahead = Math.min(AHEAD_MS, ahead * 2);
        until = now + ahead;
        start(now, before);
      }
      if (now >= readUntil) await reading;
      if (failure !== undefined) throw failure.cause;
    },
    isReading: () => reading !== undefined,
    close: async () => {
      closing.abort();
      await reading;
    },
  };
}
