import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { createReader } from "@throughline/schemas/clickhouse/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendVerdicts, at } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";
import { createBlindFinder, createSeeingReader } from "../blindness/seeing-reader.ts";
import { createStoreReader } from "./ask.ts";
import { findCountedRange } from "./find-counted-range.ts";

const RANGE = { from: at(0), to: at(24 * 60) };
let tower: Tower;
let client: ReturnType<typeof createReader>;

beforeAll(async () => {
  tower = await startTower();
  client = createReader(tower.engine.connection);
  const legs = Array.from({ length: 10 }, (_, hour) => ({ id: `i${hour}`, batch: 1, minute: hour * 60 + 5 }));
  await appendVerdicts(
    tower,
    new Map(),
    legs.map((leg) => ({ ...leg, verdict: "MET" as const })),
  );
});

afterAll(async () => {
  await client.close();
  await tower.close();
});

const find = (maxLegs?: number) =>
  findCountedRange(
    createSeeingReader(createStoreReader(client), {
      finder: createBlindFinder(createStoreReader(client), TEST_PACK),
      now: Date.now,
    }),
    { scope: EVERYTHING },
    { flow: ["order"], range: RANGE, ...(maxLegs !== undefined && { maxLegs }) },
  );

test("keeps a range whose legs are few, and else its newest hours, at least one", async () => {
  expect(await find()).toEqual(RANGE);
  expect(await find(10)).toEqual(RANGE);
  expect(await find(3)).toEqual({ from: at(7 * 60).replace(".000Z", "Z"), to: RANGE.to });
  expect(await find(0)).toEqual({ from: at(9 * 60).replace(".000Z", "Z"), to: RANGE.to });
});
