import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import type { Pack } from "@throughline/schemas/pack/flow";
import { NO_TOLERANCES } from "@throughline/schemas/pack/tolerance";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FlowDetail, flowDetail } from "../contract/flow.ts";
import { type Leg, legPage } from "../contract/leg.ts";
import { clearStore } from "../projections/clear-store.fixture.ts";
import { readRawRows } from "../projections/engine/read-rows.ts";
import type { Fact } from "../projections/fact.ts";
import { acknowledged, at, createFact, issued, orderFlow, received } from "../projections/legs/order-flow.fixture.ts";
import { openProjector } from "../projections/projector.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { readPages } from "../rows.fixture.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

const MINUTE = 60_000;
const START = at("00:00");
const TICK = 10;
const TICKS = 24;
const SILENT_AFTER = 15;

/** Short targets, so that deadlines fall into the outages. */
const shortFlow = {
  ...orderFlow,
  legs: orderFlow.legs.map((leg) => ({ ...leg, targets: [{ within: "PT1H" }] })),
};

const pack: Pack = {
  flows: new Map([["order", shortFlow]]),
  ruleVersions: new Map([["order", "v1"]]),
  objectTypes: [],
  calendars: new Map(),
  slos: [],
  interfaces: new Map(),
  tolerances: NO_TOLERANCES,
  units: [],
  sources: [
    { source: "/edi/*", watermark: "heartbeat", lag: "PT5M", silentAfter: `PT${SILENT_AFTER}M` },
    { source: "*", watermark: "arrival", lag: "PT5M", silentAfter: `PT${SILENT_AFTER}M` },
  ],
};

let tower: Tower;
let clock = START;

beforeAll(async () => {
  tower = await startTower({ now: () => clock, pack });
});

afterAll(() => tower.close());

const receive = (time: number, fact: Partial<Fact>) => received(time, "100", fact);
const SITES = ["north", "south"] as const;
const SUPPLIERS = ["ACME", "BRAVO"] as const;

/** Who carries which end, for one supplier at all sites or at one site for all. The ERP is heard of all the time: it only starts legs. */
const FEEDS = [
  { source: "/edi/ACME", ends: "acknowledgement", site: "", supplier: "ACME", send: acknowledged },
  { source: "/edi/BRAVO", ends: "acknowledgement", site: "", supplier: "BRAVO", send: acknowledged },
  { source: "/dock/north", ends: "first-receipt", site: "north", supplier: "", send: receive },
  { source: "/dock/south", ends: "first-receipt", site: "south", supplier: "", send: receive },
] as const;

const line = (id: string, supplier: string) => [
  { type: "purchase_order_line", id },
  ...(supplier === "" ? [] : [{ type: "supplier", id: supplier }]),
];

/** The feeds by which the end of a leg can come, as far as it says. */
const feedsOf = (leg: Pick<Leg, "leg" | "site" | "supplier">) =>
  FEEDS.filter(
    ({ ends, site, supplier }) =>
      ends === leg.leg &&
      (site === "" || site === leg.site) &&
      (supplier === "" || leg.supplier === "" || supplier === leg.supplier),
  );
const beat = (source: string, time: number) =>
  createFact({
    type: HEARTBEAT_TYPE,
    domain: "throughline",
    source,
    time,
    site: "",
    objects: [],
    attributes: { watermark: new Date(time).toISOString() },
  });

const worlds = fc.record({
  orders: fc.array(
    fc.record({
      minute: fc.integer({ min: 0, max: 150 }),
      site: fc.constantFrom(...SITES),
      supplier: fc.constantFrom(...SUPPLIERS),
      isNamed: fc.constantFrom(true, true, false),
      acknowledgedAfter: fc.option(fc.integer({ min: 1, max: 150 })),
      receivedAfter: fc.option(fc.integer({ min: 1, max: 150 })),
    }),
    { minLength: 3, maxLength: 8 },
  ),
  outages: fc.array(
    fc.record({
      feed: fc.integer({ min: 0, max: FEEDS.length - 1 }),
      from: fc.integer({ min: 20, max: 220 }),
      minutes: fc.integer({ min: 5, max: 120 }),
      /** What happened meanwhile comes when the line is back, or never. */
      isKept: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});
type World = typeof worlds extends fc.Arbitrary<infer Value> ? Value : never;

/** Everything that the sources send, each with the minute of its arrival; what is sent on a dead line is late or lost. */
function play({ orders, outages }: World): Fact[] {
  const facts: Fact[] = [];
  const send = (feed: number, fact: Fact) => {
    const minute = (fact.time - START) / MINUTE;
    let arrival = minute;
    for (let hit = findOutage(); hit; hit = findOutage()) {
      if (!hit.isKept || fact.type === HEARTBEAT_TYPE) return;
      arrival = hit.from + hit.minutes;
    }
    facts.push({ ...fact, arrivedAt: START + arrival * MINUTE });
    function findOutage() {
      return outages.find((each) => each.feed === feed && each.from <= arrival && arrival < each.from + each.minutes);
    }
  };
  for (let minute = 0; minute <= TICKS * TICK; minute += 5) {
    facts.push(beat("/erp", START + minute * MINUTE));
    FEEDS.forEach(({ source }, feed) => send(feed, beat(source, START + minute * MINUTE)));
  }
  FEEDS.forEach((feed, index) => {
    for (const site of feed.site === "" ? SITES : [feed.site]) {
      const at0 = { source: feed.source, site, objects: line(`before-${index}-${site}`, feed.supplier) };
      facts.push({ ...feed.send(START - MINUTE, at0), arrivedAt: START });
    }
  });
  orders.forEach(({ minute, site, supplier, isNamed, acknowledgedAfter, receivedAfter }, index) => {
    const time = START + minute * MINUTE;
    const id = `line-${index}`;
    facts.push(issued(time, { source: "/erp", site, objects: line(id, isNamed ? supplier : "") }));
    const sent = (source: string, named: string) => ({ source, site, objects: line(id, named) });
    if (acknowledgedAfter !== null)
      send(
        SUPPLIERS.indexOf(supplier),
        acknowledged(time + acknowledgedAfter * MINUTE, sent(`/edi/${supplier}`, supplier)),
      );
    if (receivedAfter !== null)
      send(2 + SITES.indexOf(site), receive(time + receivedAfter * MINUTE, sent(`/dock/${site}`, "")));
  });
  return facts.toSorted((a, b) => a.arrivedAt - b.arrivedAt);
}

/** Worked out from the arrivals alone: when each feed was heard last, and how far it was complete. */
function hear(facts: readonly Fact[], source: string, time: number) {
  const heard = facts.filter((fact) => fact.source === source && fact.arrivedAt <= time);
  const heardAt = Math.max(...heard.map(({ arrivedAt }) => arrivedAt));
  const saidAt = Math.max(...heard.filter(({ type }) => type === HEARTBEAT_TYPE).map((fact) => fact.arrivedAt));
  const isBlind = time > heardAt + SILENT_AFTER * MINUTE;
  return { isBlind, completeTo: source.startsWith("/edi/") ? saidAt : heardAt - 5 * MINUTE, heardAt };
}

interface View {
  legs: Map<string, Leg>;
  flow: FlowDetail;
}

async function look(asOf?: string): Promise<View> {
  const query = `from=${new Date(START - 3_600_000).toISOString()}&to=${new Date(START + 86_400_000).toISOString()}${asOf ? `&asOf=${asOf}` : ""}`;
  const [items, flow] = await Promise.all([
    readPages({ tower, path: `/legs?${query}&limit=9`, parse: (body) => legPage.parse(body) }),
    tower.get(`/flows/order?${query}`),
  ]);
  return { legs: new Map(items.map((leg) => [`${leg.instance.id} ${leg.leg}`, leg])), flow: flowDetail.parse(flow) };
}

const shown = ({ legs }: View) => [...legs].map(([key, { verdict }]) => `${key} ${verdict}`).toSorted();

function expectCountsToBeTheLegs({ legs, flow }: View) {
  const { open, atRisk, breached, overdue, met, unknown, others, total } = flow.summary.counts;
  const count = (...verdicts: Leg["verdict"][]) =>
    [...legs.values()].filter((leg) => verdicts.includes(leg.verdict)).length;
  expect(total.value).toBe(legs.size);
  expect([open.value, atRisk.value, breached.value, overdue.value, met.value, unknown.value]).toEqual([
    count("OPEN"),
    count("AT_RISK"),
    count("BREACHED"),
    count("OVERDUE_PROVISIONAL"),
    count("MET"),
    count("UNKNOWN"),
  ]);
  const columns = [open, atRisk, breached, overdue, met, unknown, others];
  expect(columns.reduce((sum, { value }) => sum + value, 0)).toBe(total.value);
  const hours = flow.hours.reduce((sum, hour) => sum + hour.unknown, 0);
  expect(hours).toBe(unknown.value);
}

/** No leg is shown as fine, or late, on the word of a feed that is not heard; and none is unknown while it is. */
function expectNothingGreenWhileBlind({ legs }: View, facts: readonly Fact[], time: number) {
  for (const leg of legs.values()) {
    const heard = feedsOf(leg).map(({ source }) => hear(facts, source, time));
    if (heard.length === 0 || leg.endedAt !== null) continue;
    const isBlind = heard.some((feed) => feed.isBlind);
    const completeTo = Math.min(...heard.map((feed) => feed.completeTo));
    const isProven = leg.dueAt !== null && Date.parse(leg.dueAt) < completeTo;
    expect({ leg, isBlind, isUnknown: leg.verdict === "UNKNOWN" }).toEqual({
      leg,
      isBlind,
      isUnknown: isBlind && !isProven,
    });
    expect(leg.verdict === "BREACHED").toBe(isProven);
  }
}

it("shows no leg as fine while its feed is blind, and counts that sum to the legs, now and as of every moment", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      await clearStore(tower.writer);
      const facts = play(world);
      clock = START;
      const projector = await openProjector({ connection: tower.engine.connection, pack, now: () => clock });
      const views: { asOf: string; view: View }[] = [];
      let [stored, batch] = [0, 0];
      for (let tick = 1; tick <= TICKS; tick++) {
        clock = START + tick * TICK * MINUTE + 1;
        const arrived = facts.filter(({ arrivedAt }) => arrivedAt <= clock).slice(stored);
        if (arrived.length > 0)
          await storeBatch(tower.writer, arrived, { log: "a", batch: ++batch, first: stored + 1 });
        stored += arrived.length;
        while (await projector.advance());
        if (tick % 4 !== 0) continue;
        const view = await look();
        expectNothingGreenWhileBlind(view, facts, clock);
        expectCountsToBeTheLegs(view);
        await expectComplianceToBeSeen(view, facts);
        views.push({ asOf: new Date(clock).toISOString(), view });
      }
      await projector.close();
      for (const { asOf, view } of views) {
        const then = await look(asOf);
        expect(shown(then)).toEqual(shown(view));
        expectCountsToBeTheLegs(then);
      }
      await expectOneFindingEach(facts);
    }),
    { numRuns: Number(process.env["OUTAGE_RUNS"] ?? 3), seed: 20_261_122, endOnFailure: true },
  );
}, 600_000);

/** Compliance is of the legs that its list names, none of them dated while its feed was silent. */
async function expectComplianceToBeSeen({ flow, legs }: View, facts: readonly Fact[]) {
  const { n, met, unseen, href } = flow.summary.compliance;
  const seen = await readPages({ tower, path: href, parse: (body) => legPage.parse(body) });
  expect([seen.length, seen.filter(({ verdict }) => verdict === "MET").length]).toEqual([n, met]);
  const judged = [...legs.values()].filter(({ verdict }) => /MET|BREACHED|OVERDUE/.test(verdict));
  expect(judged.length).toBe(n + unseen);
  for (const leg of seen) {
    const dated = Date.parse((leg.verdict === "MET" ? leg.endedAt : leg.dueAt) ?? "");
    expect(feedsOf(leg).filter(({ source }) => wasSilent(facts, source, dated))).toEqual([]);
  }
}

/** True when a source fell silent at or before a time, by what had arrived, and was not heard again before it. */
function wasSilent(facts: readonly Fact[], source: string, time: number): boolean {
  const arrivals = facts.filter((fact) => fact.source === source).map(({ arrivedAt }) => arrivedAt);
  const before = Math.max(...arrivals.filter((arrival) => arrival <= time));
  const after = Math.min(...arrivals.filter((arrival) => arrival > time), Infinity);
  return after - before > (SILENT_AFTER + TICK) * MINUTE && clock - before > (SILENT_AFTER + TICK) * MINUTE;
}

/** One interval for each time that a source was not heard for too long, ended when it was. */
async function expectOneFindingEach(facts: readonly Fact[]) {
  const sources = ["/erp", ...FEEDS.map(({ source }) => source)];
  const expected = sources.flatMap((source) => {
    const arrivals = [...new Set(facts.filter((fact) => fact.source === source).map(({ arrivedAt }) => arrivedAt))];
    return [...arrivals, clock].flatMap((arrival, index, all) => {
      const before = all[index - 1] ?? arrival;
      const silentAt = before + SILENT_AFTER * MINUTE;
      const isSeen =
        Math.ceil((arrival - START - 1) / (TICK * MINUTE)) > Math.ceil((silentAt - START) / (TICK * MINUTE));
      return arrival > silentAt && (isSeen || arrival === clock) ? [`${source} ${before}`] : [];
    });
  });
  const found = await readRawRows(tower.writer, {
    caller: "test",
    sql: "SELECT source, toUnixTimestamp64Milli(silent_since), countIf(isNull(blind_until)), count() FROM blind_intervals GROUP BY ALL",
  });
  expect(found.every(([, , opened, rows]) => opened === 1 && Number(rows) <= 2)).toBe(true);
  const outages = found.map(([source, since]) => `${String(source)} ${String(since)}`);
  for (const outage of outages) expect(expected.length === 0 ? [] : outages).toContain(outage);
  expect(outages.toSorted()).toEqual(expected.toSorted());
}
