import { flow, type Pack } from "@throughline/schemas/pack/flow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { legPage } from "../contract/leg.ts";
import { legStory } from "../contract/leg-story.ts";
import { readRawRows } from "../projections/engine/read-rows.ts";
import { openProjector } from "../projections/projector.ts";
import { at, type EventSketch, toEvent } from "../rows.fixture.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const order = flow.parse(TEST_PACK.flows.get("order"));
const [receipt, ...others] = order.legs;
const patient = receipt ? [{ ...receipt, targets: [{ within: "PT8H" }] }, ...others] : others;
const PATIENT_PACK: Pack = {
  ...TEST_PACK,
  flows: new Map([["order", { ...order, legs: patient }]]),
  ruleVersions: new Map([["order", "v2"]]),
};

let tower: Tower;
let now = Date.parse(at(600));

beforeAll(async () => {
  tower = await startTower({ now: () => now });
});

afterAll(() => tower.close());

let position = 1;
let batch = 1;

/** Takes events at a minute, with a projector that is started for it. */
async function take(pack: Pack, minute: number, ...sketches: Omit<EventSketch, "position">[]) {
  now = Date.parse(at(minute));
  const first = position;
  await tower.insert(
    "events",
    sketches.map((sketch) => toEvent({ ...sketch, position: position++ })),
  );
  const counts = { events: sketches.length, spans: 0, logs: 0, quarantined: 0 };
  const positions = { first_position: first, last_position: position - 1 };
  if (sketches.length > 0)
    await tower.insert("commits", [{ log: "g1", batch: batch++, committed_at: at(minute), ...positions, ...counts }]);
  const projector = await openProjector({ connection: tower.engine.connection, pack, now: () => now });
  while (await projector.advance());
  await projector.close();
}

const issued = (id: string, minute: number) => ({ id: `i${id}`, minute, objects: [line(id)] });
const received = (id: string, minute: number) => ({
  id: `r${id}`,
  type: "erp.goods_receipt.posted",
  minute,
  objects: [line(id)],
});
const line = (id: string) => ["purchase_order_line", id] as const;

const rows = (sql: string) => readRawRows(tower.writer, { caller: "test", sql });

async function listReceipts(asOf?: string) {
  const query = `/legs?flow=order&leg=receipt${asOf === undefined ? "" : `&asOf=${asOf}`}`;
  const { items } = legPage.parse(await tower.get(query));
  return items
    .map(({ instance, verdict, dueAt, ruleVersion }) => [instance.id, verdict, dueAt, ruleVersion])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

test("leaves what had started its deadline when a pack with other rules is loaded", async () => {
  await take(TEST_PACK, 60, issued("old", 30), issued("older", 20));
  await take(PATIENT_PACK, 120);
  await take(PATIENT_PACK, 140, issued("new", 130), issued("late", 110));
  await take(PATIENT_PACK, 320, received("old", 300), received("new", 300));
  const before = [
    ["old", "OPEN", at(270), "v1"],
    ["older", "OPEN", at(260), "v1"],
  ];
  const after = [
    ["late", "AT_RISK", at(350), "v1"],
    ["new", "MET", at(610), "v2"],
    ["old", "BREACHED", at(270), "v1"],
    ["older", "BREACHED", at(260), "v1"],
  ];
  expect(await listReceipts()).toEqual(after);
  expect(await listReceipts(at(320))).toEqual(after);
  expect(await listReceipts(at(100))).toEqual(before);
  expect(
    await rows(
      "SELECT rule_version, since = toDateTime64(" +
        Date.parse(at(120)) / 1000 +
        ", 3, 'UTC') FROM rule_versions ORDER BY since",
    ),
  ).toEqual([
    ["v1", 0],
    ["v2", 1],
  ]);
});

test("explains a leg by the targets of the rules that it began under, as far as they were known", async () => {
  const key = await tower.createKey({ scope: { sites: ["north"], domains: "*" } });
  const rulesOf = async (id: string, asOf = "") => {
    const { rules } = legStory.parse(await tower.get(`/legs/order/receipt/purchase_order_line/${id}/0${asOf}`, key));
    return rules.map(({ ruleVersion, since, isCurrent, targets }) => [
      ruleVersion,
      since,
      isCurrent,
      targets.map(({ within }) => within),
    ]);
  };
  // The API was started with the first pack, whose version is `v1`.
  expect(await rulesOf("old")).toEqual([["v1", at(60), true, ["PT4H"]]]);
  expect(await rulesOf("late")).toEqual([["v1", at(60), true, ["PT4H"]]]);
  expect(await rulesOf("new")).toEqual([["v2", at(120), false, ["PT8H"]]]);
  expect(await rulesOf("old", `?asOf=${at(60)}`)).toEqual([["v1", at(60), true, ["PT4H"]]]);
});

test("takes rules that come back as a version of their own, and a pack that says the same as none", async () => {
  await take(PATIENT_PACK, 330);
  await take(TEST_PACK, 340);
  await take(TEST_PACK, 360, issued("again", 350));
  expect((await rows("SELECT rule_version FROM rule_versions ORDER BY since")).flat()).toEqual(["v1", "v2", "v1"]);
  expect((await listReceipts()).find(([id]) => id === "again")).toEqual(["again", "OPEN", at(590), "v1"]);
  const { rules } = legStory.parse(await tower.get("/legs/order/receipt/purchase_order_line/again/0"));
  expect(rules).toMatchObject([{ ruleVersion: "v1", since: at(340), isCurrent: true }]);
  expect((await listReceipts()).find(([id]) => id === "new")?.at(-1)).toBe("v2");
});

test("finishes a step that was interrupted under the rules that it began with", async () => {
  await take(TEST_PACK, 365, issued("torn", 362));
  const dump = () => rows("SELECT * FROM leg_verdicts WHERE instance_id = 'torn' ORDER BY ALL");
  const whole = await dump();
  await tower.writer.command({ query: "TRUNCATE TABLE leg_verdicts" });
  await tower.writer.command({
    query: "DELETE FROM projection_steps WHERE phase = 'commit' AND batch = (SELECT max(batch) FROM projection_steps)",
  });
  const hasty = receipt ? [{ ...receipt, targets: [{ within: "PT1H" }] }, ...others] : others;
  const hastyPack: Pack = {
    ...TEST_PACK,
    flows: new Map([["order", { ...order, legs: hasty }]]),
    ruleVersions: new Map([["order", "v3"]]),
  };
  await (
    await openProjector({ connection: tower.engine.connection, pack: hastyPack, now: () => Date.parse(at(361)) })
  ).close();
  expect(await dump()).toEqual(whole);
});
