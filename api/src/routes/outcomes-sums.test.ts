import { EVERYTHING, type Scope } from "@throughline/schemas/clickhouse/scope";
import { createReader } from "@throughline/schemas/clickhouse/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outcomesQuery } from "../contract/outcome.ts";
import { openOutcomes, readOutcomes } from "../outcomes/read-outcomes.ts";
import { invoiced, received, say } from "../projections/matches/events.fixture.ts";
import { openProjector } from "../projections/projector.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { createStoreReader } from "../queries/ask.ts";
import { type Tower, startTower } from "../tower.fixture.ts";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import { OUTCOME_PACK as pack } from "./outcomes.fixture.ts";

const NOW = Date.UTC(2026, 3, 1, 12);
const SUMMED = new Set([
  "stockout-orders",
  "stockout-hours",
  "invoice-exceptions",
  "invoice-line-exceptions",
  "touchless",
  "requisition-to-order",
  "order-to-receipt",
]);

/** Trade of a month, with repetitions, ties, what is missing, and what is out of order. */
function listTrade() {
  return Array.from({ length: 60 }, (_, index) => {
    const [line, requisition] = [`${index % 50}/10`, `R${index % 40}`];
    const day = 1 + ((index * 7) % 26);
    const where = index % 9 === 0 ? { item: "I1" } : { item: `I${index % 3}`, location: `L${index % 2}` };
    const onHand = { measures: { on_hand: `${index % 4 === 0 ? 0 : index} EA` } };
    return [
      say(1 + (index % 27), `pharmacy.stock.${["counted", "below_par", "available"][index % 3] ?? ""}`, {
        objects: { purchase_order_line: "", item: `I${index % 3}`, location: `L${index % 2}` },
        ...(index % 11 === 0 ? {} : onHand),
      }),
      say(day, "procurement.requisition.created", {
        objects: { purchase_order_line: "", requisition, ...where },
      }),
      ...(index % 8 === 0
        ? []
        : [
            say(day + (index % 5), "procurement.requisition.approved", {
              objects: { purchase_order_line: "", requisition },
              attributes: index % 13 === 0 ? { usage: "test" } : {},
            }),
          ]),
      say(day + 2, "procurement.purchase_order.issued", {
        id: `order-${index % 55}`,
        revision: Math.floor(index / 55),
        objects: {
          purchase_order_line: line,
          item: "I1",
          supplier: "CARDINAL",
          ...(index % 6 === 0 ? {} : { requisition }),
        },
        measures: { quantity: "100 EA", price: "10.00 USD" },
        attributes: { receipt_expected: true },
      }),
      ...(index % 5 === 0 ? [] : [received(day + (index % 10), "100 EA", { objects: { purchase_order_line: line } })]),
      invoiced(day + 3, `100 EA for ${index % 4 === 0 ? "1100.00" : "1000.00"} USD`, {
        objects: { purchase_order_line: line, invoice: `CARDINAL/${index}` },
      }),
    ].map((event) => ({ ...event, site: index % 7 === 0 ? "south" : "north" }));
  }).flat();
}

let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => NOW, pack });
  const options = { connection: tower.engine.connection, pack, now: () => NOW };
  await storeBatch(tower.writer, listTrade(), { log: "log", batch: 1, first: 1 });
  for (const projector of [await openProjector(options), await openReconciler(options)]) {
    while (await projector.advance());
    await projector.close();
  }
  await tower.writer.command({
    query: `INSERT INTO match_work (subject_type, subject_id, document, kind, order_line, line, version, verb, state, batch, site, domain, at, worked_at)
      SELECT subject_type, subject_id, document, kind, order_line, line, 1, if(number = 0, 'accept', 'take'), if(number = 0, 'accepted', 'in_work'),
        batch, site, domain, toDateTime64('2026-03-27 10:00:00', 3, 'UTC') AS at, at
      FROM (SELECT *, rowNumberInAllBlocks() % 2 AS number FROM (SELECT * FROM match_dates WHERE outcome = 'blocked' ORDER BY subject_id LIMIT 10))`,
  });
}, 90_000);

afterAll(() => tower.close());

const unused = () => Promise.reject(new Error("nothing is written"));

async function readBoth(query: Record<string, string>, scope: Scope) {
  const client = createReader(tower.engine.connection);
  const reader = createStoreReader(client);
  const checkpoints = {
    reader,
    asker: { scope },
    store: { insert: unused, insertRows: unused, appendLock: unused },
    audit: unused,
    actor: { id: "a", name: "A", scope: { sites: "*" as const, domains: "*" as const } },
    requestId: "r",
    now: NOW,
  };
  const deps = { reader, pack, workingTimes: createWorkingTimes(pack.calendars), now: () => NOW };
  const reading = await openOutcomes(deps, checkpoints, outcomesQuery.parse(query));
  const listed = await readOutcomes(reading, NOW);
  const summed = await readOutcomes({ ...reading, context: { ...reading.context, most: 0 } }, NOW);
  await client.close();
  return [listed, summed].map(({ items }) => items.filter(({ id }) => SUMMED.has(id)));
}

test.each([
  {},
  { asOf: "2198-01-01T00:00:00Z" },
  { from: "2026-03-11T00:00:00Z", to: "2026-03-21T06:00:00Z" },
  { from: "2026-03-14T05:00:00Z", to: "2026-03-16T00:00:00Z", site: "north" },
])("figures that the store adds up are those of their cases one by one: %o", { timeout: 60_000 }, async (query) => {
  for (const scope of [EVERYTHING, { sites: ["north"], domains: "*" } as const]) {
    const [listed = [], summed] = await readBoth(query, scope);
    expect(listed.length).toBe(SUMMED.size);
    expect(listed.filter(({ because }) => because !== null)).toEqual([]);
    expect(summed).toEqual(listed);
  }
});

test("what the store adds up has something of everything", { timeout: 60_000 }, async () => {
  const [, summed = []] = await readBoth({}, EVERYTHING);
  const of = new Map(summed.map((item) => [item.id, item]));
  for (const item of summed) expect(item.measure?.n).toBeGreaterThan(3);
  expect(of.get("requisition-to-order")?.exclusions.length).toBe(3);
  expect(of.get("stockout-orders")?.exclusions.length).toBeGreaterThan(0);
  expect(of.get("order-to-receipt")?.open).toBeGreaterThan(0);
});
