import fc from "fast-check";
import { expect, test } from "vitest";
import type { Unit } from "../run/unit.ts";
import { createUnitGroups } from "./group-units.ts";

const toUnit = (id: number, sizeBytes = 1): Unit => ({
  identity: String(id),
  stream: [],
  raw: Buffer.alloc(sizeBytes),
  isPatient: true,
});

test("units are handed on once each, in their order, in groups that are bounded, and settle when their group is written", async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 3_000_000 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(sizes, async (list) => {
      const groups: Unit[][] = [];
      const written = new Set<string>();
      const { take, idle } = createUnitGroups(async (units) => {
        groups.push([...units]);
        await Promise.resolve();
        for (const { identity } of units) written.add(identity);
      });
      await Promise.all(
        list.map((sizeBytes, id) => take(toUnit(id, sizeBytes)).then(() => expect(written).toContain(String(id)))),
      );
      await idle();
      expect(groups.flat().map(({ identity }) => identity)).toEqual(list.map((_, id) => String(id)));
      for (const group of groups) {
        const bytes = group.reduce((sum, { raw }) => sum + (raw?.length ?? 0), 0);
        expect(group.length === 1 || bytes <= 4 * 1024 * 1024).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test("what comes at once is one group; where that fails each is tried alone, and what comes behind goes on", async () => {
  const sizes: number[] = [];
  const { take } = createUnitGroups(async (units) => {
    sizes.push(units.length);
    if (units.some(({ identity }) => identity === "7")) throw new Error("cannot be taken");
  });
  const first = await Promise.allSettled(Array.from({ length: 100 }, (_, id) => take(toUnit(id))));
  expect(first.flatMap(({ status }, id) => (status === "rejected" ? [id] : []))).toEqual([7]);
  await take(toUnit(100));
  expect(sizes).toEqual([100, ...Array.from({ length: 101 }, () => 1)]);
});

test("a unit that fails alone is refused at once", async () => {
  let tries = 0;
  const { take } = createUnitGroups(async () => {
    tries++;
    throw new Error("full");
  });
  await expect(take(toUnit(1))).rejects.toThrow("full");
  expect(tries).toBe(1);
});
