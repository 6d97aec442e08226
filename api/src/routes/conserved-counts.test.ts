import type { Pack } from "@throughline/schemas/pack/flow";
import { slo } from "@throughline/schemas/pack/slo";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowList, type LegCounts } from "../contract/flow.ts";
import { overview } from "../contract/overview.ts";
import { feedFindings } from "../contract/coverage.ts";
import { sloDetail, sloPage } from "../contract/slo.ts";
import { sourcePage } from "../contract/source.ts";
import { clearStore } from "../projections/clear-store.fixture.ts";
import { readRawRows } from "../projections/engine/read-rows.ts";
import type { Fact } from "../projections/fact.ts";
import { acknowledged, at, createFact, issued, orderFlow } from "../projections/legs/order-flow.fixture.ts";
import { openProjector } from "../projections/projector.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { worlds } from "../projections/world.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const HOUR = 3_600_000;
/** A loaded machine begins fewer worlds; none is left in its midst, where it would go on beside the test that follows. */
const RUNS = Number(process.env["CONSERVED_RUNS"] ?? 6);
const TIME_MS = 20_000 * RUNS;
const START = at("00:00");
/** Silent two hours after its last word, so that some legs are unknown for a while. */
const PACK: Pack = {
  ...TEST_PACK,
  flows: new Map([[orderFlow.id, orderFlow]]),
  sources: [{ source: "*", watermark: "arrival", lag: "PT10M", silentAfter: "PT2H" }],
  slos: [
    slo.parse({
      id: "orders",
      title: "Orders",
      flow: orderFlow.id,
      response: "Call.",
      objective: 90,
      minimum: 1,
      window: { days: 28 },
    }),
  ],
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

test(
  "sums to the legs at every moment, and tells later what it told then, whatever is corrected",
  async () => {
    const startedAt = performance.now();
    const property = fc.asyncProperty(histories, async ({ world, delays, looks }) => {
      if (performance.now() - startedAt > TIME_MS) return;
      const arriving = world.map((fact, index) => ({ ...fact, arrivedAt: fact.time + (delays[index] ?? 0) * 60_000 }));
      const told = await live(arriving, looks);
      for (const { moment, ...then } of told) expect(await read(`&asOf=${toText(moment)}`)).toEqual(then);
      const watermarks = told.map(({ sources }) => sources[0]?.completeTo ?? "");
      expect(watermarks).toEqual(watermarks.toSorted());
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  },
  2 * TIME_MS,
);

test("tells what was unknown while a feed was silent, and what was spent, after it came back with late proof", async () => {
  const other = { objects: [{ type: "purchase_order_line", id: "1/10" }] };
  const before = [issued, acknowledged].map((send) => send(START - HOUR, other));
  const proof = { ...acknowledged(START + HOUR), arrivedAt: START + 12 * HOUR };
  const looks = [1, 2, 3, 4, 12].map((hour, index, hours) => ({
    afterMinutes: (hour - (hours[index - 1] ?? 0)) * 60,
    restart: false,
  }));
  const told = await live([...before, issued(START), proof], looks);
  const silent = [null, null, toText(START), toText(START), null];
  expect(told.map(({ sources }) => sources[0]?.silentSince)).toEqual(silent);
  expect(told.map(({ counts }) => counts["unknown"] ?? 0)).toEqual([0, 0, 1, 1, 0]);
  for (const { moment, ...then } of told) expect(await read(`&asOf=${toText(moment)}`)).toEqual(then);
});

interface Look {
  afterMinutes: number;
  restart: boolean;
}

/**
 * What the API tells at each look, each of which sees what has arrived by then. At last all feeds speak, so that nothing is
 * blind any more when the moments before are asked of.
 */
async function live(facts: readonly Fact[], looks: readonly Look[]) {
  await clearStore(tower.writer);
  now = START;
  const open = () => openProjector({ connection: tower.engine.connection, pack: PACK, now: () => now });
  let [projector, next, batch] = [await open(), 1, 1];
  const told: ({ moment: number } & Awaited<ReturnType<typeof read>>)[] = [];
  for (const [index, { afterMinutes, restart }] of looks.entries()) {
    const from = index === 0 ? -Infinity : now;
    now += afterMinutes * 60_000;
    const arrived = facts.filter(({ arrivedAt }) => arrivedAt > from && arrivedAt <= now);
    if (arrived.length > 0) next = await storeBatch(tower.writer, arrived, { log: "a", batch: batch++, first: next });
    while (await projector.advance());
    const then = await read();
    expect(then.counts).toMatchObject({ total: await countLegs() });
    told.push({ moment: now, ...then });
    if (!restart) continue;
    await projector.close();
    projector = await open();
  }
  now += HOUR;
  const sign = createFact({ type: "erp.sign.sent", time: now, objects: [{ type: "sign", id: "1" }] });
  await storeBatch(tower.writer, [sign], { log: "a", batch, first: next });
  while (await projector.advance());
  await projector.close();
  return told;
}

/** What the API tells of legs, feeds and service levels, without the links, which name the moment. */
async function read(asOf = "") {
  const [counts, current, sources, findings, objectives, objective] = await Promise.all([
    readCounts(asOf),
    tower.get(`/overview?${asOf.slice(1)}`).then((body) => overview.parse(body)),
    tower.get(`/sources?limit=10${asOf}`).then((body) => sourcePage.parse(body).items),
    tower.get(`/sources/findings?${RANGE}${asOf}`).then((body) => feedFindings.parse(body).items),
    tower.get(`/slos?limit=10${asOf}`).then((body) => sloPage.parse(body).items),
    tower.get(`/slos/orders?${asOf.slice(1)}`).then((body) => sloDetail.parse(body)),
  ]);
  const { window, compliance, budget } = objective.slo;
  expect(objectives).toEqual([objective.slo]);
  const [flow] = flowList.parse(await tower.get(`/flows?from=${window.from}&to=${window.to}${asOf}`)).items;
  const { met = 0, breached = 0, overdue = 0 } = flow ? toNumbers(flow.counts) : {};
  expect(compliance.n + compliance.unseen).toBe(met + breached + overdue);
  expect(compliance.met + budget.spent.value + budget.provisional.value).toBe(compliance.n);
  const { freshness, projection } = current;
  return { counts, projection, sources, findings, ...withoutLinks({ freshness, objective }) };
}

function withoutLinks(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value, (key, held: unknown) => (key === "href" ? undefined : held)));
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
