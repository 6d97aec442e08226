import type { ClickHouseClient } from "@clickhouse/client";
import { readWakingLegs } from "./leg-store.ts";
import { type Wakes, createWakes } from "./wakes.ts";

const AHEAD_MS = 6 * 3_600_000;

/** What wakes by itself in the next hours; what does later is in the store only. */
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

/** Reads all legs of these flows that wait, as they were before a step. */
export async function openWakeHorizon(
  client: ClickHouseClient,
  { flows, ...at }: { flows: ReadonlySet<string>; now: number; before: number },
): Promise<WakeHorizon> {
  const closing = new AbortController();
  let until = at.now + AHEAD_MS;
  const wakes = createWakes(() => until);
  const read = async (query: { before: number; from: number | undefined; until: number }) => {
    const stop = wakes.startAdopting();
    for await (const rows of readWakingLegs(client, { ...query, signal: closing.signal }))
      for (const row of rows) if (flows.has(row.flow)) wakes.adopt(row);
    stop();
  };
  await read({ before: at.before, from: undefined, until });
  let readUntil = until;
  let failure: { cause: unknown } | undefined;
  let reading: Promise<void> | undefined;
  const start = (before: number) => {
    reading = read({ before, from: readUntil, until }).then(
      () => void ([readUntil, reading] = [until, undefined]),
      (cause: unknown) => void ([failure, reading] = [{ cause }, undefined]),
    );
  };
  return {
    wakes,
    moveOn: async (now, before) => {
      if (reading === undefined && until - now <= AHEAD_MS / 2) {
        until = now + AHEAD_MS;
        start(before);
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
