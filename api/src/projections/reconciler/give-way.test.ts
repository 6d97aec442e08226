import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clearStore } from "../clear-store.fixture.ts";
import { type ProjectedStore, openProjectedStore } from "../projected-store.fixture.ts";
import { mustGiveWay } from "./give-way.ts";

const MINUTE_MS = 60_000;
const NOW = Date.parse("2026-03-02T12:00:00Z");
const BATCHES = 3;

let projected: ProjectedStore;
beforeAll(async () => {
  projected = await openProjectedStore();
});
afterAll(() => projected.close());

/** Batches of ten events, each a minute after the one before it, the last one at `NOW`; and how many each projection has finished. */
async function store({ legs, reconciler }: { legs: number; reconciler: number }, minutesApart = 1) {
  const { client } = projected;
  await clearStore(client);
  const commits = Array.from({ length: BATCHES }, (_, index) => ({
    log: "a",
    batch: index + 1,
    first_position: index * 10 + 1,
    last_position: index * 10 + 10,
    events: 10,
    committed_at: toTimestamp(NOW - (BATCHES - 1 - index) * minutesApart * MINUTE_MS),
  }));
  await client.insert({ table: "commits", values: commits, format: "JSONEachRow" });
  const steps = Object.entries({ legs, reconciler }).map(([projector, done]) => ({
    projector,
    shard: 0,
    batch: 1,
    phase: "commit",
    now: toTimestamp(NOW),
    recorded_at: toTimestamp(NOW),
    body: JSON.stringify({ cursors: { a: { batch: done, nextPosition: done * 10 + 1 } } }),
  }));
  await client.insert({ table: "projection_steps", values: steps, format: "JSONEachRow" });
}

test("the reconciler waits while the legs are behind, and not when only it is", async () => {
  await store({ legs: 1, reconciler: 1 });
  expect(await mustGiveWay(projected.client, NOW)).toBe(true);
  await store({ legs: 3, reconciler: 1 });
  expect(await mustGiveWay(projected.client, NOW)).toBe(false);
});

test("it does not wait for a batch that has only just come", async () => {
  await store({ legs: 2, reconciler: 2 });
  expect(await mustGiveWay(projected.client, NOW + 100)).toBe(false);
  expect(await mustGiveWay(projected.client, NOW + 5000)).toBe(true);
});

test("it goes on when it is far behind itself, and where the legs have taken no step at all", async () => {
  await store({ legs: 1, reconciler: 1 }, 20);
  expect(await mustGiveWay(projected.client, NOW)).toBe(false);
  await clearStore(projected.client);
  expect(await mustGiveWay(projected.client, NOW)).toBe(false);
});
