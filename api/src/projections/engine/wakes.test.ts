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
