import { afterAll, beforeAll, expect, test } from "vitest";
import { flowDetail } from "../contract/flow.ts";
import { appendVerdicts, at } from "../rows.fixture.ts";
import { startTower, type Tower } from "../tower.fixture.ts";

const NOON_MINUTE = 12 * 60;
const noon = (hours = 0) => at(NOON_MINUTE + hours * 60);

let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => Date.parse(noon(1)) });
});

afterAll(() => tower.close());

const OUTAGES = 10_000;

/** So many feeds, of which the first carries receipts; each is silent for a minute of every other hour, up to noon. */
async function storeOutages(feeds: number) {
  for (const table of ["source_types", "blind_intervals", "leg_verdicts", "leg_dates", "leg_rollups"])
    await tower.writer.command({ query: `TRUNCATE TABLE ${table}` });
  const carried = { source: "/dock/0", type: "erp.goods_receipt.posted", site: "north", domain: "erp" };
  await tower.insert("source_types", [{ ...carried, since_batch: 1, known_at: noon() }]);
  await tower.writer.command({
    query: `INSERT INTO blind_intervals (source, silent_since, batch, blind_from, blind_until, known_at)
      SELECT concat('/dock/', toString(intDiv(number, ${OUTAGES}))), from, 1, from, from + INTERVAL 1 MINUTE, from
      FROM (
        SELECT number, parseDateTimeBestEffort({noon: String}) - INTERVAL 2 * (number % ${OUTAGES}) HOUR AS from
        FROM numbers(${feeds * OUTAGES}))`,
    query_params: { noon: noon() },
  });
  const oldest = 2 * (OUTAGES - 1);
  const dated = [0, 1, 2, 3, oldest, oldest - 1].map((hours) => NOON_MINUTE - hours * 60);
  await appendVerdicts(
    tower,
    new Map(),
    dated.map((minute, index) => ({ id: `leg-${index}`, verdict: "MET", batch: 1, minute })),
  );
}

test("knows every hour in which a feed was silent, and more where there are too many to tell apart", async () => {
  const read = async () => {
    const query = `from=${noon(-26_000)}&to=${noon(2)}`;
    return flowDetail.parse(await tower.get(`/flows/order?${query}`)).summary.compliance;
  };
  await storeOutages(1);
  expect(await read()).toMatchObject({ n: 3, unseen: 3 });
  await storeOutages(3);
  expect(await read()).toMatchObject({ n: 0, unseen: 6 });
}, 60_000);
