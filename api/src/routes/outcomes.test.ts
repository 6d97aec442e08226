import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OutcomeItem, outcomeCasePage, outcomes } from "../contract/outcome.ts";
import { invoiced, received, say } from "../projections/matches/events.fixture.ts";
import { openProjector } from "../projections/projector.ts";
import { openReconciler } from "../projections/reconciler.ts";
import { storeBatch } from "../projections/stored-facts.fixture.ts";
import { readPages } from "../rows.fixture.ts";
import { type Tower, startTower } from "../tower.fixture.ts";
import { OUTCOME_PACK as pack } from "./outcomes.fixture.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 3, 1, 12);
const place = (item: string, location: string) => ({ purchase_order_line: "", item, location });
const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
const onHand = (day: number, what: string, value: string) =>
  say(day, `pharmacy.stock.${what}`, { objects: place("I1", "L1"), measures: { on_hand: `${value} EA` } });
const requested = (day: number, requisition: string, at: Record<string, string>) =>
  say(day, "procurement.requisition.created", { objects: { ...at, requisition } });
const approved = (day: number, requisition: string) =>
  say(day, "procurement.requisition.approved", { objects: { purchase_order_line: "", requisition } });
const issued = (day: number, line: string, requisition = "") =>
  say(day, "procurement.purchase_order.issued", {
    objects: { purchase_order_line: line, requisition, item: "I1", supplier: "CARDINAL" },
    measures: { quantity: "100 EA", price: "10.00 USD" },
    attributes: { receipt_expected: true },
  });
const onboarded = (day: number, type: string, request: string) =>
  say(day, type, { objects: { purchase_order_line: "", supplier_request: request } });
const billed = (line: string, billing: { invoice: string; amount: string }, more: object = {}) =>
  invoiced(21, `100 EA for ${billing.amount}`, {
    objects: { purchase_order_line: line, invoice: billing.invoice },
    ...more,
  });

const FIRST = [
  onHand(1, "counted", "10"),
  onHand(10, "below_par", "0"),
  onHand(12, "available", "5"),
  requested(10, "R1", place("I1", "L1")),
  requested(14, "R2", place("I1", "L1")),
  requested(16, "R4", place("I2", "L2")),
  approved(10, "R1"),
  approved(14, "R2"),
  approved(20, "R3"),
  issued(11, "1/10", "R1"),
  issued(17, "2/10", "R2"),
  issued(16, "3/10"),
  issued(18, "4/10", "R4"),
  received(13, "100 EA", { objects: { purchase_order_line: "1/10" } }),
  received(21, "100 EA", { objects: { purchase_order_line: "2/10" } }),
  onboarded(2, "procurement.supplier.requested", "S1"),
  onboarded(9, "supplier.message.accepted", "S1"),
  onboarded(10, "supplier.purchase_order.acknowledged", "S1"),
  onboarded(16, "procurement.supplier.requested", "S2"),
  onboarded(20, "supplier.purchase_order.acknowledged", "S2"),
  onboarded(16, "procurement.supplier.requested", "S3"),
  onboarded(17, "procurement.supplier.declined", "S3"),
  billed("1/10", { invoice: "CARDINAL/A", amount: "1000.00 USD" }),
  billed("2/10", { invoice: "CARDINAL/B", amount: "1100.00 USD" }, { id: "B", digest: digestOf("first") }),
];
const LATER = [
  billed(
    "2/10",
    { invoice: "CARDINAL/B", amount: "1000.00 USD" },
    { id: "B", revision: 1, digest: digestOf("second") },
  ),
];

/** Many questions one after the other. */
const PATIENCE = { timeout: 120_000 };
let tower: Tower;

beforeAll(async () => {
  tower = await startTower({ now: () => NOW, pack });
  let now = Date.UTC(2026, 2, 25, 12);
  const options = { connection: tower.engine.connection, pack, now: () => now };
  const projectors = [await openProjector(options), await openReconciler(options)];
  const advance = async () => {
    for (const projector of projectors) while (await projector.advance());
  };
  const next = await storeBatch(tower.writer, FIRST, { log: "log", batch: 1, first: 1 });
  await advance();
  now += 2 * DAY;
  await storeBatch(tower.writer, LATER, { log: "log", batch: 2, first: next });
  await advance();
  for (const projector of projectors) await projector.close();
}, 60_000);

afterAll(() => tower.close());

async function read(query = "", key?: string): Promise<Map<string, OutcomeItem>> {
  const { items } = outcomes.parse(await tower.get(`/outcomes?${query}`, key));
  return new Map(items.map((item) => [item.id, item]));
}

test("states each share with its numerator, denominator, n and what is left out", async () => {
  const items = await read();
  expect(items.get("stockout-orders")).toMatchObject({
    because: null,
    measure: { n: 2, numerator: "1", denominator: "2", value: "0.5" },
    baseline: { n: 0, value: null },
    exclusions: [
      { reason: "no requisition says for which location it was ordered", count: 1 },
      { reason: "nobody had stated how much was on hand there", count: 1 },
    ],
  });
  expect(items.get("stockout-hours")?.measure).toEqual({
    n: 1,
    numerator: String(2 * DAY),
    denominator: String(28 * DAY),
    value: "0.071429",
    declared: null,
    p90: null,
  });
  expect(items.get("invoice-exceptions")?.measure).toMatchObject({ n: 2, numerator: "1", value: "0.5" });
  expect(items.get("invoice-line-exceptions")?.measure).toMatchObject({ n: 2, numerator: "1" });
});

test("states each length of time with median, p90, n and what is open", async () => {
  const items = await read();
  expect(items.get("exception-resolution")).toMatchObject({ measure: { n: 1, value: String(2 * DAY) }, open: 0 });
  expect(items.get("requisition-to-order")).toMatchObject({
    measure: { n: 2, value: String(DAY), p90: String(3 * DAY) },
    open: 1,
    exclusions: [
      { reason: "no approval of its requisition was stated", count: 1 },
      { reason: "ordered without a requisition", count: 1 },
    ],
  });
  expect(items.get("order-to-receipt")).toMatchObject({
    measure: { n: 2, value: String(2 * DAY), p90: String(4 * DAY) },
    open: 2,
  });
  expect(items.get("supplier-onboarding")).toMatchObject({
    unit: "working_days",
    measure: { n: 1, value: "6" },
    open: 1,
    exclusions: [{ reason: "the request was declined or withdrawn", count: 1 }],
  });
});

test("adds up what people logged, and counts what nobody touched", async () => {
  const before = await read();
  expect(before.get("manual-effort")?.because).toMatch(/nobody has ever worked/);
  expect(before.get("touchless")?.measure).toMatchObject({ n: 2, numerator: "2", value: "1" });
  const touchless = outcomeCasePage.parse(await tower.get("/outcomes/touchless/cases")).items;
  const documentOf = (id: string) => touchless.find(({ object }) => object.id === id)?.note.replace("entry ", "") ?? "";
  const act = {
    subject_type: "invoice",
    subject_id: "CARDINAL/B",
    document: documentOf("CARDINAL/B"),
    kind: "line",
    order_line: "2/10",
    site: "north",
  };
  const at = "2026-03-26 12:00:00.000";
  await tower.insert("match_work", [
    { ...act, version: 1, verb: "take", at, worked_at: at, minutes: 0, domain: "erp" },
    { ...act, version: 2, verb: "log", at, worked_at: at, minutes: 25, domain: "erp" },
    { ...act, version: 3, verb: "log", at, worked_at: at, minutes: 20, domain: "erp" },
    {
      ...act,
      subject_id: "CARDINAL/A",
      document: "another entry",
      version: 1,
      verb: "take",
      at,
      worked_at: at,
      minutes: 0,
      domain: "erp",
    },
  ]);
  const after = await read();
  expect(after.get("manual-effort")).toMatchObject({
    measure: { n: 1, value: String(45 * 60_000), declared: 0 },
    isEstimated: false,
    exclusions: [{ reason: "touched, no minutes were logged, and no standard is declared", count: 1 }],
  });
  expect(after.get("touchless")?.measure).toMatchObject({ n: 2, numerator: "1", value: "0.5" });
});

test("says why something cannot be measured, and gives no figure for it", async () => {
  const incident = (await read()).get("incident-resolution");
  expect(incident).toMatchObject({ measure: null, baseline: null, trend: [], exclusions: [], open: null });
  expect(incident?.because).toMatch(/does not gather failures into incidents/);
  expect((await tower.request("/outcomes/incident-resolution/cases")).status).toBe(404);
  const early = await read("from=2026-03-02T00:00:00Z&to=2026-03-05T00:00:00Z&asOf=2026-03-05T00:00:00Z");
  expect(early.get("invoice-exceptions")?.because).toMatch(/no invoice/);
});

test("each figure opens as many cases, and these add up to it, over any split of time", PATIENCE, async () => {
  for (const item of (await read()).values()) {
    if (item.measure === null) continue;
    const list = async (parts: string) => outcomeCasePage.parse(await tower.get(`${item.rowsHref}${parts}`)).items;
    const counted = await list("&part=numerator&part=counted");
    expect(new Set(counted.map(({ object, note }) => `${object.id} ${note}`)).size).toBe(item.measure.n);
    const sum = (name: "value" | "whole") => counted.reduce((left, one) => left + Number(one[name]), 0);
    const { numerator, denominator, value: median } = item.measure;
    const [found, stated] =
      item.unit === "total_ms"
        ? [[String(sum("value"))], [median]]
        : item.unit === "share"
          ? [[sum("value"), sum("whole")].map(String), [numerator, denominator]]
          : [counted.flatMap(({ value }) => (value === median ? [value] : [])).slice(0, 1), [median]];
    expect(found).toEqual(stated);
    expect((await list("&part=excluded")).length).toBe(item.exclusions.reduce((left, { count }) => left + count, 0));
    expect((await list("&part=open")).length).toBe(item.open ?? 0);
    expect(item.trend.length).toBe(14);
  }
});

test("compares with the same length of time before", async () => {
  const { items, ...rest } = outcomes.parse(
    await tower.get("/outcomes?from=2026-03-19T00:00:00Z&to=2026-03-26T00:00:00Z"),
  );
  expect(rest).toMatchObject({
    baseline: { from: "2026-03-12T00:00:00.000Z", to: "2026-03-19T00:00:00.000Z" },
    isLikeForLike: true,
  });
  const receipt = items.find(({ id }) => id === "order-to-receipt");
  expect([receipt?.measure?.value, receipt?.baseline?.value]).toEqual([String(4 * DAY), String(2 * DAY)]);
});

test("pages cases in a stable order, and gives them as CSV", async () => {
  const paged = await readPages({
    tower,
    path: "/outcomes/requisition-to-order/cases?limit=2",
    parse: (body) => outcomeCasePage.parse(body),
  });
  const all = outcomeCasePage.parse(await tower.get("/outcomes/requisition-to-order/cases")).items;
  expect(paged).toEqual(all);
  expect(all.map(({ part }) => part).toSorted()).toEqual(["counted", "counted", "excluded", "excluded", "open"]);
  const csv = await (await tower.request("/outcomes/requisition-to-order/cases?format=csv")).text();
  expect(csv.trimEnd().split("\r\n").length).toBe(6);
});

test("leaves as a table with a row for each figure, beside its baseline", async () => {
  const csv = await (await tower.request("/outcomes?format=csv")).text();
  const [head, ...rows] = csv.trimEnd().split("\r\n");
  const items = [...(await read()).values()];
  expect(head).toMatch(/^figure,outcome,title,formula,unit,n,numerator,denominator,value,.*,baseline_n,.*,because$/);
  expect(rows.map((row) => row.slice(0, row.indexOf(",")))).toEqual(items.map(({ id }) => id));
  expect(rows[0]).toContain(",2,1,2,0.5,");
  const parquet = await (await tower.request("/outcomes?format=parquet")).arrayBuffer();
  expect(new TextDecoder().decode(parquet.slice(0, 4))).toBe("PAR1");
});

test("counts only what a reader may see", async () => {
  const key = await tower.createKey({ scope: { sites: ["south"], domains: "*" } });
  const items = await read("", key);
  expect(items.get("stockout-orders")?.measure).toMatchObject({ n: 0, value: null });
  expect(items.get("order-to-receipt")?.because).toMatch(/no order line/);
  expect(items.get("invoice-exceptions")?.because).toMatch(/you may see/);
  expect((await tower.request("/outcomes", { key: "" })).status).toBe(401);
});

test.each([
  ["/outcomes?from=2026-05-01T00:00:00Z", 400],
  ["/outcomes?from=2024-01-01T00:00:00Z", 400],
  ["/outcomes/none/cases", 404],
  ["/outcomes/stockout-hours/cases?part=some", 400],
])("refuses %s", async (path, status) => {
  expect((await tower.request(path)).status).toBe(status);
});
