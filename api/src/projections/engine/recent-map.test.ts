import { expect, test } from "vitest";
import { createRecentMap } from "./recent-map.ts";

test("a value that is set again and again weighs once, so that its neighbours stay", () => {
  const map = createRecentMap<string, number>(10, (weight) => weight);
  map.set("other", 1);
  for (let times = 0; times < 100; times++) map.set("growing", 3);
  expect(map.get("other")).toBe(1);
});

test("forgets what has not been used while half the weight and more came after it", () => {
  const map = createRecentMap<number, string>(10);
  for (let key = 0; key < 13; key++) map.set(key, "value");
  expect(map.get(0)).toBeUndefined();
  expect(map.get(12)).toBe("value");
});

test("keeps what is used", () => {
  const map = createRecentMap<number, string>(10);
  map.set(-1, "kept");
  for (let key = 0; key < 100; key++) {
    map.set(key, "value");
    expect(map.get(-1)).toBe("kept");
  }
});
