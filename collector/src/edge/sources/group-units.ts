import { setImmediate as nextTurn } from "node:timers/promises";
import type { Unit } from "../run/unit.ts";

const MAX_UNITS = 512;
const MAX_BYTES = 4 * 1024 * 1024;

interface Waiting {
  unit: Unit;
  done: PromiseWithResolvers<void>;
}

/**
 * Takes units one by one, and hands on together what came while the ones before were being written: they share one fsync. In order. When
 * that fails each of them is tried by itself, so that one that cannot be taken does not hold up its neighbours.
 */
export function createUnitGroups(takeAll: (units: readonly Unit[]) => Promise<void>) {
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  const run = async () => {
    // What a server gave at once comes in one turn.
    await nextTurn();
    while (waiting.length > 0) {
      const group = cutGroup(waiting);
      try {
        await takeAll(group.map(({ unit }) => unit));
        for (const { done } of group) done.resolve();
      } catch (error) {
        if (group.length === 1) group[0]?.done.reject(error);
        else for (const { unit, done } of group) await takeAll([unit]).then(done.resolve, done.reject);
      }
    }
    running = undefined;
  };
  return {
    take: (unit: Unit): Promise<void> => {
      const done = Promise.withResolvers<void>();
      waiting.push({ unit, done });
      running ??= run();
      return done.promise;
    },
    /** Nothing is being written any more. */
    idle: () => running ?? Promise.resolve(),
  };
}

/** The first of them, one at least. */
function cutGroup(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const { unit } of waiting) {
    bytes += unit.raw?.length ?? MAX_BYTES;
    if (count > 0 && (count >= MAX_UNITS || bytes > MAX_BYTES)) break;
    count++;
  }
  return waiting.splice(0, count);
}
