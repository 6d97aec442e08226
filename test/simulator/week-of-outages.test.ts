import { join } from "node:path";
import { feedFindings } from "@throughline/api/contract/coverage";
import { type Leg, legPage } from "@throughline/api/contract/leg";
import { openProjector } from "@throughline/api/projections/projector";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRawRows } from "../../api/src/projections/engine/read-rows.ts";
import type { Fact } from "../../api/src/projections/fact.ts";
import { storeBatch } from "../../api/src/projections/stored-facts.fixture.ts";
import { readPages } from "../../api/src/rows.fixture.ts";
import { startTower, type Tower } from "../../api/src/tower.fixture.ts";
import { loadPack } from "../../commands/pack-files.ts";
import { ROOT } from "../repository/root.ts";
import { DAY, HOUR, MINUTE } from "./demand.ts";
import { generateTrade } from "./generate-trade.ts";
import { judgeTrade, toFact } from "./judge-trade.ts";
import { NO_FAULTS } from "./truth.ts";

const FROM = Date.parse("2026-03-02T00:00:00Z");
const TO = FROM + 7 * DAY;
const SILENT_AFTER = 15 * MINUTE;
const STEP = 4 * HOUR;
const TRADE = {
  seed: 5,
  from: FROM,
  to: TO,
  hospitals: 2,
  suppliers: 3,
  items: 30,
  faults: NO_FAULTS,
  tracedShare: 0,
  pace: () => 0.3,
};

/** Collectors that fail: their heartbeats are lost, and what happened meanwhile comes all at once when they are back. */
const OUTAGES = [
  { source: "/edi/MERIDIAN", from: FROM + DAY + 14 * HOUR, until: FROM + DAY + 19 * HOUR },
  { source: "/receiving/harbor", from: FROM + 2 * DAY + 15 * HOUR, until: FROM + 2 * DAY + 21 * HOUR },
  { source: "/erp/group", from: FROM + 3 * DAY + 16 * HOUR, until: FROM + 3 * DAY + 20 * HOUR },
];

const pack = loadPack(join(ROOT, "config"));
let tower: Tower;
let clock = FROM;

beforeAll(async () => {
  tower = await startTower({ now: () => clock, pack });
});

afterAll(() => tower.close());

/** What arrives, in the order of its arrival. */
function listArrivals(): Fact[] {
  const facts: Fact[] = [];
  for (const dispatch of generateTrade(TRADE)) {
    if (dispatch.kind !== "event") continue;
    const { event, sendAt } = dispatch;
    const outage = OUTAGES.find(
      ({ source, from, until }) => source === event.source && from <= sendAt && sendAt < until,
    );
    if (outage !== undefined && event.type === HEARTBEAT_TYPE) continue;
    facts.push({ ...toFact(event, facts.length), arrivedAt: outage?.until ?? sendAt });
  }
  return facts.toSorted((a, b) => a.arrivedAt - b.arrivedAt);
}

const TYPES_OF_END = new Map(
  [...pack.flows.values()].flatMap((flow) =>
    flow.legs.map((leg) => [
      `${flow.id}/${leg.id}`,
      new Set((flow.milestones[leg.to]?.events ?? []).map(({ type }) => type)),
    ]),
  ),
);

const listNamed = ({ objects }: Fact) => objects.filter(({ type }) => type === "supplier").map(({ id }) => id);

/** The events that ended such legs, of the feeds that were known to carry the end of this one, by its site and supplier. */
function listSenders({ flow, leg, site, supplier }: Leg, arrived: readonly Fact[]): Fact[] {
  const senders = arrived.filter(({ type }) => TYPES_OF_END.get(`${flow}/${leg}`)?.has(type));
  const here = senders.filter((fact) => fact.site === site || fact.site === "");
  const isNaming = (fact: Fact) => supplier !== "" && listNamed(fact).includes(supplier);
  const naming = senders.filter(isNaming);
  if (naming.length === 0) return here.length > 0 ? here : senders;
  const isPossible = (fact: Fact) => listNamed(fact).length === 0 || isNaming(fact);
  if (here.length === 0) return senders.filter(isPossible);
  return here.some(isNaming) ? here.filter(isPossible) : [...here, ...naming];
}

/** Whether one of the feeds that were known to carry the end of a leg is silent at a time. */
function isBlind(leg: Leg, time: number, arrived: readonly Fact[]): boolean {
  const sources = new Set(listSenders(leg, arrived).map(({ source }) => source));
  return OUTAGES.some(
    ({ source, from, until }) => sources.has(source) && from + SILENT_AFTER + 5 * MINUTE < time && time < until,
  );
}

async function readLegs(asOf?: string): Promise<Leg[]> {
  const range = `from=${new Date(FROM - DAY).toISOString()}&to=${new Date(TO + DAY).toISOString()}`;
  const path = `/legs?${range}&limit=1000${asOf === undefined ? "" : `&asOf=${asOf}`}`;
  return readPages({ tower, path, parse: (body) => legPage.parse(body) });
}

const toKey = ({ flow, leg, instance, verdict }: Leg) => `${flow} ${leg} ${instance.id} ${verdict}`;

function expectNothingFineWhileBlind(legs: readonly Leg[], time: number, arrived: readonly Fact[]): number {
  const running = legs.filter(({ endedAt, startedAt }) => endedAt === null && startedAt !== null);
  const blind = running.filter((leg) => isBlind(leg, time, arrived));
  expect(blind.filter(({ verdict }) => !["UNKNOWN", "BREACHED", "EXCLUDED", "SUPERSEDED"].includes(verdict))).toEqual(
    [],
  );
  expect(running.filter((leg) => leg.verdict === "UNKNOWN" && !blind.includes(leg))).toEqual([]);
  return blind.length;
}

test("in a week with outages of collectors no leg is fine while its feed is blind, and nobody is charged for it", async () => {
  const arrivals = listArrivals();
  const projector = await openProjector({ connection: tower.engine.connection, pack, now: () => clock });
  const moments = [
    TO,
    ...OUTAGES.flatMap(({ from, until }) => [from + HOUR, (from + until) / 2, until - 1, until + 1]),
  ];
  for (let time = FROM + STEP; time < TO; time += STEP) moments.push(time);
  const views: { time: number; legs: string[] }[] = [];
  let [stored, batch, hidden] = [0, 0, 0];
  for (const time of [...new Set(moments)].toSorted((a, b) => a - b)) {
    clock = time;
    const count = arrivals.findLastIndex(({ arrivedAt }) => arrivedAt <= time) + 1;
    if (count > stored) {
      batch += 1;
      await storeBatch(tower.writer, arrivals.slice(stored, count), { log: "a", batch, first: stored + 1 });
    }
    stored = count;
    while (await projector.advance());
    if (!OUTAGES.some(({ from, until }) => from < time && time <= until + 1)) continue;
    const legs = await readLegs();
    hidden += expectNothingFineWhileBlind(legs, time, arrivals.slice(0, count));
    views.push({ time, legs: legs.map(toKey).toSorted() });
  }
  await projector.close();
  expect(hidden).toBeGreaterThan(20);
  for (const { time, legs } of views)
    expect((await readLegs(new Date(time).toISOString())).map(toKey).toSorted()).toEqual(legs);
  await expectNobodyToBeCharged();
  await expectOneFindingEach();
}, 300_000);

/** What was in time, by everything that happened, is met in the end, and was never said to be breached. */
async function expectNobodyToBeCharged() {
  const inTime = judgeTrade(TRADE, pack).legs.filter(({ verdict }) => verdict === "MET");
  const rows = await readRawRows(tower.writer, {
    caller: "test",
    sql: `SELECT concat(flow, ' ', leg, ' ', instance_id, ' ', toString(occurrence)), argMax(verdict, batch), countIf(verdict = 'BREACHED')
      FROM leg_verdicts GROUP BY flow, leg, instance_type, instance_id, occurrence`,
  });
  const stories = new Map(
    rows.map(([key, verdict, breaches]) => [String(key), { verdict, breaches: Number(breaches) }]),
  );
  const told = inTime.map((leg) => {
    const key = `${leg.flow} ${leg.leg} ${leg.instanceId} ${leg.occurrence}`;
    return { key, ...stories.get(key) };
  });
  expect(told.length).toBeGreaterThan(500);
  expect(told.filter(({ verdict, breaches }) => verdict !== "MET" || breaches !== 0)).toEqual([]);
}

async function expectOneFindingEach() {
  const intervals = await readRawRows(tower.writer, {
    caller: "test",
    sql: `SELECT source, uniqExact(silent_since), countIf(isNull(blind_until)), countIf(isNotNull(blind_until))
      FROM blind_intervals GROUP BY source ORDER BY source`,
  });
  const sources = OUTAGES.map(({ source }) => source).toSorted();
  expect(intervals.map((row) => [row[0], ...row.slice(1).map(Number)])).toEqual(
    sources.map((source) => [source, 1, 1, 1]),
  );
  const range = `from=${new Date(FROM).toISOString()}&to=${new Date(TO).toISOString()}`;
  const { items } = feedFindings.parse(await tower.get(`/sources/findings?${range}`));
  expect(
    items
      .filter(({ kind }) => kind === "silent")
      .map(({ source }) => source)
      .toSorted(),
  ).toEqual(sources);
}
