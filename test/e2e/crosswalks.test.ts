import type { Edge } from "@throughline/collector/edge/run/start-edge";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { launchBrowser } from "../browser/launch-browser.ts";
import {
  dropInventory,
  startTestEdge,
  startWayBackTower,
  type WayBackTower,
  writeEdge,
} from "../edge/way-back.fixture.ts";
import { sees, type Visit, visit } from "./visit.ts";

const WAIT = { timeout: 20_000, interval: 50 };
const UNKNOWN = "0071015523";
const KNOWN = "00071015523";

let tower: WayBackTower;
let browser: Browser;
let edge: Edge;
let ada: string;
let bo: string;
let visits: Visit[] = [];

beforeAll(async () => {
  [tower, browser] = await Promise.all([startWayBackTower({ hasPages: true }), launchBrowser()]);
  ada = await tower.createKey({ name: "Ada Rivera", roles: ["operator"] });
  bo = await tower.createKey({ name: "Bo Lindqvist", roles: ["operator"] });
  const key = await tower.createKey({ scope: { sites: ["NORTH"], domains: "*" } });
  edge = await startTestEdge(tower, await writeEdge(tower, { name: "north", key, raw: true }));
}, 120_000);

afterEach(async () => {
  const faults = visits.flatMap((each) => [...each.faults, ...each.foreignRequests]);
  await Promise.all(visits.map(({ context }) => context.close()));
  visits = [];
  if (faults.length > 0) throw new Error(`The page failed or asked others: ${faults.join("; ")}`);
});

afterAll(async () => {
  await browser.close();
  await edge.stop();
  await tower.stop();
});

async function open(key: string, path: string): Promise<Page> {
  const visited = await visit(browser, tower.url, { key });
  visits.push(visited);
  await visited.page.goto(tower.url + path);
  return visited.page;
}

const listCounted = () =>
  tower.query(
    z.object({ item: z.string(), outcome: z.string(), revision: z.coerce.number() }),
    `SELECT DISTINCT object_ids[1] AS item, outcome, revision FROM throughline.events
      WHERE type = 'pharmacy.stock.counted' ORDER BY revision`,
  );

const countWaits = async () =>
  z.object({ items: z.array(z.unknown()) }).parse(await tower.call("/mapping-waits", { key: ada })).items.length;

test("what waits is proposed by one, approved by another, mapped again, and waits no more", async () => {
  dropInventory(tower, "north", { items: [UNKNOWN] });
  await expect.poll(countWaits, WAIT).toBe(1);
  const steward = await open(ada, "/crosswalks");
  await steward.getByRole("link", { name: `${UNKNOWN} of inventory` }).click();
  const drawer = steward.getByRole("complementary", { name: "Value that documents wait for" });
  await drawer.getByText("Nobody has said yet what it is.").waitFor();
  await drawer.getByRole("button", { name: "Propose what it is" }).click();
  const dialog = steward.getByRole("dialog", { name: "Propose a translation" });
  await dialog.getByRole("button", { name: "Propose it" }).click();
  await dialog.getByText("Say what it is called here.").waitFor();
  await dialog.getByLabel(/^What it is called here/).fill(KNOWN);
  await dialog.getByLabel(/^Where it is known from/).fill("Label of the vial");
  await dialog.getByRole("button", { name: "Propose it" }).click();
  await drawer.getByText("You proposed it: another operator or administrator has to decide.").waitFor();
  expect(await drawer.getByRole("button", { name: "Approve" }).isDisabled()).toBe(true);

  const other = await open(bo, "/crosswalks");
  await other.getByRole("link", { name: `${UNKNOWN} of inventory` }).click();
  await other.getByRole("button", { name: "Approve" }).click();
  const question = other.getByRole("dialog", { name: "Approve it?" });
  await question.getByLabel("Note, for the record").fill("Checked with the wholesaler");
  await question.getByRole("button", { name: "Approve it" }).click();
  await expect.poll(async () => (await listCounted()).length, WAIT).toBe(2);
  expect(await listCounted()).toMatchObject([
    { item: UNKNOWN, outcome: "failed", revision: 0 },
    { item: KNOWN, outcome: "", revision: 1 },
  ]);
  await expect.poll(countWaits, WAIT).toBe(0);
  await other.goto(`${tower.url}/crosswalks`);
  expect(await sees(other.getByText("No document waits for a crosswalk."))).toBe(true);
}, 90_000);

test("a file is looked at before it is proposed, and another person decides about all of it", async () => {
  const steward = await open(ada, "/crosswalks/import");
  const text = "crosswalk,from,to\nitem,I-1,ONE\nitem,I-2,\nitem,I-3,THREE\n";
  await steward
    .getByLabel("CSV file")
    .setInputFiles({ name: "items.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await steward.getByLabel("Where it is known from").fill("Item master");
  await steward.getByRole("button", { name: "Check the file" }).click();
  await steward.getByText("2 of 3 rows can be proposed; 1 is refused").waitFor();
  await steward.getByRole("link", { name: "Line 3" }).click();
  await steward.getByRole("complementary", { name: "Row of the file" }).getByText("must not be empty").waitFor();
  await steward.getByRole("button", { name: "Propose 2 translations" }).click();
  await steward.getByText("You proposed it: another operator or administrator has to decide.").waitFor();

  const other = await open(bo, steward.url().slice(tower.url.length));
  await other.getByRole("button", { name: "Approve" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Approve all" }).click();
  await other.getByText("Approved", { exact: true }).first().waitFor();
  expect(await other.getByText("Proposed", { exact: true }).count()).toBe(0);
}, 60_000);

test("a replay is asked for by one, approved by another, and its edge says what came of it", async () => {
  const steward = await open(ada, "/edges");
  await steward.getByRole("link", { name: "north", exact: true }).click();
  const drawer = steward.getByRole("complementary", { name: "Edge" });
  const stayed = drawer.getByRole("list", { name: "What stayed at the site" });
  await stayed.getByText("names, addresses, numbers of persons").waitFor();
  await drawer.getByText("right within").waitFor();
  await drawer.getByRole("link", { name: "Order a replay" }).click();
  await steward.getByText("No replay was ordered.").waitFor();
  await steward.getByRole("button", { name: "Order a replay" }).click();
  const dialog = steward.getByRole("dialog", { name: "Order a replay" });
  await dialog.getByLabel("Taken from").fill("2020-01-01T00:00");
  await dialog.getByLabel("Taken before").fill("2120-01-01T00:00");
  await dialog.getByLabel("Why").fill("The store was restored");
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  const order = steward.getByRole("complementary", { name: "Replay order" });
  await order.getByText("You asked for it: another operator or administrator has to decide.").waitFor();

  const other = await open(bo, steward.url().slice(tower.url.length));
  await other.getByRole("button", { name: "Approve" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Approve it" }).click();
  const state = async () =>
    z.object({ items: z.array(z.object({ state: z.string() })) }).parse(await tower.call("/edges/orders", { key: ada }))
      .items[0]?.state;
  await expect.poll(state, WAIT).toBe("done");
  await other.reload();
  await other.getByRole("complementary", { name: "Replay order" }).getByText("1 document, 1 event").waitFor();
}, 60_000);
