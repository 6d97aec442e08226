import { expect, test } from "vitest";
import { acknowledged, at, createContext, issued, orderModel } from "../legs/order-flow.fixture.ts";
import { evaluateLegs } from "../legs/evaluate-legs.ts";
import type { LegRow } from "../legs/leg-row.ts";
import type { Wake } from "../legs/leg-state.ts";
import { createWakes } from "./wakes.ts";

function createRow(criticality: string, instanceId: string, wake: Wake): LegRow {
  const facts = [issued(at("10:00")), acknowledged(at("10:05"))];
  const [row] = evaluateLegs({ instanceId, base: undefined, facts }, orderModel, createContext(at("11:00")));
  if (row === undefined) throw new Error("no row");
  return { ...row, criticality, wake };
}

const clock = { now: 100, watermarkOf: () => 100 };

test("of what is due, the critical legs are woken first, whatever they waited for and since when", () => {
  const wakes = createWakes(() => 1000);
  wakes.set(createRow("standard", "a", { at: 1 }));
  wakes.set(createRow("high", "b", { source: "erp", watermark: 5 }));
  wakes.set(createRow("critical", "c", { source: "erp", watermark: 90 }));
  wakes.set(createRow("critical", "d", { at: 100 }));
  wakes.set(createRow("critical", "later", { at: 101 }));
  wakes.set(createRow("critical", "behind", { source: "erp", watermark: 100 }));
  const taken = [1, 1, 5].map((max) => wakes.takeDue(clock, max).map(({ instanceId }) => instanceId));
  expect(taken).toEqual([["d"], ["c"], ["b", "a"]]);
  expect(wakes.hasDue(clock)).toBe(false);
  expect(wakes.hasDue({ ...clock, now: 101 })).toBe(true);
  expect(wakes.sources()).toEqual(["erp"]);
});

test("a leg waits once, in the lane of its latest criticality", () => {
  const wakes = createWakes(() => 1000);
  wakes.set(createRow("standard", "a", { at: 1 }));
  wakes.set(createRow("critical", "a", { at: 2 }));
  expect(wakes.takeDue(clock, 5).map(({ criticality }) => criticality)).toEqual(["critical"]);
  expect(wakes.size()).toBe(0);
});

test("a leg that waits beyond the horizon is left to the store, unless the store holds another wait of it", () => {
  const wakes = createWakes(() => 1000);
  wakes.set(createRow("standard", "stored", { at: 2000 }));
  wakes.set(createRow("standard", "unstored", { at: 2000 }), false);
  expect(wakes.size()).toBe(1);
  wakes.set(createRow("standard", "unstored", { at: 2000 }));
  expect(wakes.takeDue({ ...clock, now: 3000 }, 5).map(({ instanceId }) => instanceId)).toEqual(["unstored"]);
});

test("what is read while the projector goes on never replaces what it has found since", () => {
  const wakes = createWakes(() => 1000);
  wakes.set(createRow("standard", "held", { at: 1 }));
  const stop = wakes.startAdopting();
  wakes.set(createRow("standard", "changed", { at: 2 }));
  wakes.forget(createRow("standard", "ended", { at: 3 }));
  for (const instanceId of ["held", "changed", "ended", "new"])
    wakes.adopt(createRow("standard", instanceId, { at: 50 }));
  stop();
  const due = (now: number) => wakes.takeDue({ ...clock, now }, 5).map(({ instanceId }) => instanceId);
  expect([due(2), due(50)]).toEqual([["held", "changed"], ["new"]]);
});

test("what is due is taken in the same order, whoever came first", () => {
  const rows = ["c", "a", "b"].flatMap((id) => [
    createRow("high", id, { at: 70_000 }),
    createRow("high", `${id}-of-erp`, { source: "erp", watermark: 7 }),
    createRow("high", `${id}-of-edi`, { source: "edi", watermark: 9 }),
  ]);
  const takeAll = (given: LegRow[]) => {
    const wakes = createWakes(() => Infinity);
    for (const row of given) wakes.set(row);
    return wakes.takeDue({ now: 70_000, watermarkOf: () => 10 }, 7).map(({ instanceId }) => instanceId);
  };
  expect(takeAll(rows)).toEqual(["a", "b", "c", "a-of-edi", "b-of-edi", "c-of-edi", "a-of-erp"]);
  expect(takeAll(rows.toReversed())).toEqual(takeAll(rows));
});
