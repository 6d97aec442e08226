import type { Pack } from "@throughline/schemas/pack/flow";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowList, type LegCounts } from "../contract/flow.ts";
import { overview } from "../contract/overview.ts";
import { sourcePage } from "../contract/source.ts";
import { clearStore } from "../projections/clear-store.fixture.ts";
import { readRawRows } from "../projections/engine/read-rows.ts";
import type { Fact } from "../projections/fact.ts";
import { at, orderFlow } from "../projections/legs/order-flow.fixture.ts";
import { openProjector } from "../projections/projector.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { worlds } from "../projections/world.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const HOUR = 3_600_000;
const START = at("00:00");
/** Silent two hours after its last word, so that some legs are unknown for a while. */
const PACK: Pack = {
  ...TEST_PACK,
  flows: new Map([[orderFlow.id, orderFlow]]),
  sources: [{ source: "*", watermark: "arrival", lag: "PT10M", silentAfter: "PT2H" }],
};
const RANGE = `from=${toText(START - 48 * HOUR)}&to=${toText(START + 144 * HOUR)}`;

let tower: Tower;
let now = START;

beforeAll(async () => {
  tower = await startTower({ now: () => now, pack: PACK });
  await tower.writer.command({ query: "ALTER TABLE leg_minutes REMOVE TTL" });
});

afterAll(() => tower.close());

/** Worlds whose events arrive late, looked at every few hours, with a projector that may be started anew. */
const histories = worlds.chain((world) =>
  fc.record({
    world: fc.constant(world),
    delays: fc.array(fc.integer({ min: 0, max: 20 * 60 }), { minLength: world.length, maxLength: world.length }),
    looks: fc.array(fc.record({ afterMinutes: fc.integer({ min: 30, max: 600 }), restart: fc.boolean() }), {
      minLength: 3,
      maxLength: 8,
    }),
  }),
);

test("sums to the legs at every moment, and tells later what it told then, whatever is corrected", async () => {
  const property = fc.asyncProperty(histories, async ({ world, delays, looks }) => {
    await clearStore(tower.writer);
    const arriving = world.map((fact, index) => ({ ...fact, arrivedAt: fact.time + (delays[index] ?? 0) * 60_000 }));
    const told = await live(arriving, looks);
    for (const { moment, counts } of told) expect(await readCounts(`&asOf=${toText(moment)}`)).toEqual(counts);
    const watermarks = told.map(({ completeTo }) => completeTo);
    expect(watermarks).toEqual(watermarks.toSorted());
  });
  await fc.assert(property, { numRuns: 8 });
}, 240_000);

/** What the API tells at each look, each of which sees what has arrived by then. */
async function live(facts: readonly Fact[], looks: readonly { afterMinutes: number; restart: boolean }[]) {
  const open = () => openProjector({ connection: tower.engine.connection, pack: PACK, now: () => now });
  let [projector, next, batch] = [await open(), 1, 1];
  const told: { moment: number; counts: Record<string, number>; completeTo: string }[] = [];
  now = START;
  for (const [index, { afterMinutes, restart }] of looks.entries()) {
    const from = index === 0 ? -Infinity : now;
    now += afterMinutes * 60_000;
    const arrived = facts.filter(({ arrivedAt }) => arrivedAt > from && arrivedAt <= now);
    if (arrived.length > 0) next = await storeBatch(tower.writer, arrived, { log: "a", batch: batch++, first: next });
    while (await projector.advance());
    const counts = await readCounts();
    expect(counts).toMatchObject({ total: await countLegs() });
    const { items } = sourcePage.parse(await tower.get("/sources"));
    told.push({ moment: now, counts, completeTo: items[0]?.completeTo ?? "" });
    if (!restart) continue;
    await projector.close();
    projector = await open();
  }
  await projector.close();
  return told;
}

/** The counts of the flow by verdict, which sum to their total, in the list of flows and in the overview alike. */
async function readCounts(asOf = ""): Promise<Record<string, number>> {
  const [listed] = flowList
    .parse(await tower.get(`/flows?${RANGE}${asOf}`))
    .items.map(({ counts }) => toNumbers(counts));
  const shown = overview.parse(await tower.get(`/overview?${RANGE}${asOf}`));
  const { total = -1, ...columns } = toNumbers(shown.counts);
  expect(listed).toEqual({ total, ...columns });
  expect(Object.values(columns).reduce((sum, count) => sum + count, 0)).toBe(total);
  return { total, ...columns };
}

function toNumbers(counts: LegCounts): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, { value }]) => [name, value]));
}

async function countLegs(): Promise<number> {
  const [row] = await readRawRows(tower.writer, {
    caller: "test",
    sql: `SELECT count() FROM (SELECT * FROM leg_verdicts ORDER BY flow, leg, instance_type, instance_id, occurrence, batch DESC
      LIMIT 1 BY flow, leg, instance_type, instance_id, occurrence) WHERE is_removed = 0`,
  });
  return Number(row?.[0]);
}

function toText(time: number): string {
  return new Date(time).toISOString();
}
