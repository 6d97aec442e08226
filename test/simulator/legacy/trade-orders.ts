import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Item } from "../catalogue.ts";
import type { Random } from "../random.ts";
import { HOSPITAL, type LegacyOrder, type LegacyTrace, STEPS } from "./legacy-order.ts";

const EVERY_MS = 60_000;

const state = z.strictObject({
  /** The last control number of each sender. */
  controls: z.record(z.string(), z.int()),
  orders: z.array(
    z.strictObject({
      number: z.int(),
      group: z.int(),
      item: z.string(),
      packs: z.int(),
      priceCents: z.int(),
      startedAt: z.number(),
      done: z.int(),
    }),
  ),
});

type Started = LegacyOrder & { done: number };

/**
 * Orders that begin every minute and go their way. What was begun is kept in a file, so that a demo that is started again finishes it;
 * what a step leaves may be left twice, under the same name.
 */
export function createOrders(
  file: string,
  { items, random, leave }: { items: readonly Item[]; random: Random; leave: (trace: LegacyTrace) => Promise<void> },
) {
  const kept = existsSync(file) ? state.parse(JSON.parse(readFileSync(file, "utf8"))) : { orders: [], controls: {} };
  let orders: Started[] = kept.orders;
  const controls = new Map(Object.entries(kept.controls));
  const control = (sender: string): number => {
    const next = (controls.get(sender) ?? 0) + 1;
    controls.set(sender, next);
    return next;
  };
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify({ orders, controls: Object.fromEntries(controls) }));
    renameSync(`${file}.new`, file);
  };
  const begin = (now: number) => {
    const { id, priceCents } = random.pick(items);
    orders.push({
      number: Math.floor(now / 1000),
      group: control(HOSPITAL),
      item: id,
      packs: random.whole(2, 24),
      priceCents,
      startedAt: now,
      done: 0,
    });
  };
  const goOn = async (order: Started, now: number) => {
    for (let step = STEPS[order.done]; step !== undefined && order.startedAt + step.afterMs <= now;) {
      await leave(step.toTrace(order, { at: now, control }));
      order.done++;
      save();
      step = STEPS[order.done];
    }
  };
  return {
    /** Does what is due by now. */
    tick: async (now: number): Promise<void> => {
      if (orders.every(({ startedAt }) => now - startedAt >= EVERY_MS)) begin(now);
      for (const order of orders) await goOn(order, now);
      orders = orders.filter(({ done }) => done < STEPS.length);
      save();
    },
  };
}
