import { expect, test } from "vitest";
import { createSeenKeys } from "./seen-keys.ts";

/** Numbers of 52 bits that look random and differ for each index. */
function toHash(index: number): number {
  const low = Math.imul(index, 0x9e37_79b1) >>> 0;
  const high = Math.imul(index ^ 0x5bd1_e995, 0x85eb_ca6b) >>> 0;
  return (high % 2 ** 20) * 2 ** 32 + low;
}

test("knows every key that was added and takes hardly another for one of them", () => {
  const seen = createSeenKeys();
  for (let index = 0; index < 500_000; index++) seen.add(toHash(index));
  let missed = 0;
  let mistaken = 0;
  for (let index = 0; index < 500_000; index++) {
    if (!seen.has(toHash(index))) missed += 1;
    if (seen.has(toHash(index + 1_000_000))) mistaken += 1;
  }
  expect(missed).toBe(0);
  expect(mistaken).toBeLessThan(50);
});
