import { afterAll, beforeAll, expect, test } from "vitest";
import { journey } from "../contract/journey.ts";
import { legPage } from "../contract/leg.ts";
import { overview } from "../contract/overview.ts";
import { openProjector } from "../projections/projector.ts";
import { at, type EventSketch, readPages, toEvent } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const NOW = Date.parse(at(600));
let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => NOW });
  const events = Array.from({ length: 60 }, (_, index) => sketchLine(index)).flat();
  const rows = events.map((sketch, index) => toEvent({ ...sketch, position: index + 1 }));
  await tower.insert("events", rows);
  const counts = { events: rows.length, spans: 0, logs: 0, quarantined: 0 };
  const positions = { first_position: 1, last_position: rows.length };
  await tower.insert("commits", [{ log: "g1", batch: 1, committed_at: at(590), ...positions, ...counts }]);
  const projector = await openProjector({ connection: tower.engine.connection, pack: TEST_PACK, now: () => NOW });
  while (await projector.advance());
  await projector.close();
});

afterAll(() => tower.close());

/** An order line that is received in time, late, or not yet; every tenth event came twice. */
function sketchLine(index: number): Omit<EventSketch, "position">[] {
  const objects = [["purchase_order_line", `45${index}/10`]] as const;
  const site = index % 2 === 0 ? "north" : "south";
  const issued = { id: `i${index}`, minute: index * 5, objects, site };
  const received = {
    id: `r${index}`,
    type: "erp.goods_receipt.posted",
    minute: index * 5 + 30 + index * 6,
    objects,
    site,
  };
  return [issued, ...(index % 10 === 0 ? [issued] : []), ...(index % 3 === 0 ? [] : [received])];
}

test("counts in every figure of the overview the legs that evaluation has stored", async () => {
  const page = overview.parse(await tower.get(`/overview?from=${at(-600)}&to=${at(1440)}`));
  const { counts } = page;
  expect(counts.total.value).toBeGreaterThan(60);
  expect(counts.met.value).toBeGreaterThan(10);
  expect(counts.breached.value + counts.overdue.value).toBeGreaterThan(5);
  for (const { value, href } of Object.values(counts)) {
    const legs = await readPages({ tower, path: `${href}&limit=7`, parse: (body) => legPage.parse(body) });
    expect([href, legs.length]).toEqual([href, value]);
  }
  expect(page.throughput.total.value).toBe(60 + 40);
  expect(page.projection).toMatchObject({ lagMs: 0, evaluatedAt: at(600) });
});

test("shows in a journey the legs and milestones that evaluation found", async () => {
  const { legs, events } = journey.parse(
    await tower.get(`/journeys/purchase_order_line/${encodeURIComponent("4510/10")}`),
  );
  expect(legs.find(({ leg }) => leg === "receipt")).toMatchObject({
    verdict: "MET",
    elapsedMs: 90 * 60_000,
    budgetMs: 240 * 60_000,
  });
  expect(events).toMatchObject([
    { id: "i10", duplicates: 1, milestones: [{ milestone: "issued" }] },
    { id: "r10", duplicates: 0, milestones: [{ milestone: "received" }] },
  ]);
});
