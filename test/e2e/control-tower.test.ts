import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../browser/launch-browser.ts";
import { type Stack, startStack } from "./stack.ts";
import { ANSWERED, RICH_LINE, TRACE_ID, UNANSWERED, WAITING, sendLine } from "./trade.ts";
import { type Visit, sees, visit } from "./visit.ts";

const HOUR_MS = 3_600_000;
const BREACHES = `/breaches?leg=acknowledgement&range=3d`;

let stack: Stack;
let browser: Browser;
let current: Visit;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
}, 120_000);

afterEach(async () => {
  const { faults, foreignRequests } = current;
  await current.context.close();
  if (faults.length + foreignRequests.length > 0)
    throw new Error(`The page failed or asked others: ${[...faults, ...foreignRequests].join("; ")}`);
});

afterAll(async () => {
  await browser.close();
  await stack.close();
});

async function open(path: string): Promise<Page> {
  current = await visit(browser, stack.url);
  await current.page.goto(stack.url + path);
  return current.page;
}

const rowsOf = (page: Page) =>
  page
    .getByRole("grid")
    .getByRole("row")
    .filter({ has: page.getByRole("gridcell") });

test("the overview says what stands where, and each figure opens as many rows", async () => {
  const page = await open("/?range=3d");
  await page.getByRole("heading", { level: 1, name: /legs are late/ }).waitFor();
  const row = page.getByRole("row", { name: /^Order sent to acknowledged/ });
  await row.getByRole("link", { name: /breached legs/ }).click();
  await page.getByText(`${UNANSWERED + 1} legs`, { exact: true }).waitFor();
  expect(page.url()).toContain("verdict=BREACHED");
  await page.goBack();
  await row.getByRole("link", { name: /legs at risk/ }).click();
  await page.getByText(`${WAITING} legs`, { exact: true }).waitFor();
  await page.goBack();
  await row.getByRole("link", { name: /legs met/ }).click();
  await page.getByText(`${ANSWERED} legs`, { exact: true }).waitFor();
});

test("service levels say what spent a budget, and lead to as many legs whatever the time of the page", async () => {
  const page = await open("/slos?range=1h");
  await rowsOf(page).filter({ hasText: "Suppliers acknowledge" }).getByRole("link").first().click();
  const drawer = page.getByRole("complementary", { name: "Objective" });
  await drawer.getByText("95 % in time, over 28 days").waitFor();
  await drawer.getByRole("img", { name: /^Burn over 3 d/ }).waitFor();
  await drawer.getByRole("link", { name: "Legs that spent it" }).click();
  await page.getByText(`${UNANSWERED + 1} legs`, { exact: true }).waitFor();
  expect(page.url()).toContain("verdict=BREACHED");
});

test("all of it works without a mouse: overview, breach, journey and back", async () => {
  const page = await open("/?range=3d");
  await page.getByRole("heading", { level: 1, name: /legs are late/ }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await page.waitForURL(/\/breaches\?range=3d$/);
  await rowsOf(page).first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.locator('[data-index="1"] .row-link:focus').waitFor();
  const name = await page.locator(":focus").getAttribute("aria-label");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "Leg" });
  await drawer.getByText("What to do").waitFor();
  expect(name).toContain((await drawer.locator(".identifier").first().textContent()) ?? "-");
  await drawer.getByRole("link", { name: "Open the journey" }).waitFor();
  while ((await page.locator(":focus").textContent()) !== "Open the journey") await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  await page.goBack();
  await drawer.waitFor();
  await rowsOf(page).first().waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await page.locator('[data-index="1"] .row-link:focus').waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys of this page" }).getByText("Next row").first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("4500012345");
  await page.getByRole("option", { name: new RegExp(RICH_LINE) }).waitFor();
});

test("the URL holds the filters, and a copy of it shows the same", async () => {
  const page = await open(BREACHES);
  await page.getByText(`${UNANSWERED + 1} legs`, { exact: true }).waitFor();
  await page.getByRole("button", { name: "State" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Breached" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("searchbox", { name: "Part of an id" }).fill("450001234");
  await page.getByText("1 leg", { exact: true }).waitFor();
  await rowsOf(page).first().getByRole("link").click();
  await page.getByRole("complementary", { name: "Leg" }).waitFor();
  expect(page.url()).toMatch(/verdict=BREACHED.*q=450001234.*open=/);
  const copy = await current.context.newPage();
  await copy.goto(page.url());
  await copy.getByRole("complementary", { name: "Leg" }).getByText(RICH_LINE).waitFor();
  await copy.getByText("1 leg", { exact: true }).waitFor();
  expect(await copy.getByRole("searchbox", { name: "Part of an id" }).inputValue()).toBe("450001234");
});

test("the journey shows milestones, legs, marked events, spans and objects", async () => {
  const page = await open(`/journeys/purchase_order_line/${encodeURIComponent(RICH_LINE)}`);
  await page.getByRole("link", { name: /^Order sent to acknowledged .*Breached/ }).waitFor();
  for (const mark of ["came 2 times", "revision 1", "superseded", "conflict", "does not count", "failed"])
    await page.locator(".event-mark", { hasText: mark }).first().waitFor();
  await page.getByText("post receipt").waitFor();
  await page.getByRole("link", { name: /Purchase order 4500012345$/ }).waitFor();
  await page.getByRole("link", { name: "Received", exact: true }).click();
  const drawer = page.getByRole("complementary", { name: "Event" });
  await drawer.getByText('"receiving.goods_receipt.recorded"').waitFor();
  await drawer.getByRole("link", { name: TRACE_ID }).click();
  await page.waitForURL(new RegExp(`/traces/${TRACE_ID}`));
  expect(await sees(page.getByText("record receipt"))).toBe(true);
});

test("changes come by themselves, and rows under the pointer stay where they are", async () => {
  const page = await open("/legs?leg=syntax&range=24h");
  const before = await rowsOf(page).first().getByRole("link").getAttribute("aria-label", { timeout: 20_000 });
  await rowsOf(page).first().hover();
  await stack.send(sendLine("4500099991/10", Date.now() - HOUR_MS / 4, 0));
  const waiting = page.getByRole("button", { name: /new: show/ });
  await waiting.waitFor({ timeout: 20_000 });
  expect(await rowsOf(page).first().getByRole("link").getAttribute("aria-label")).toBe(before);
  await waiting.click();
  await page.getByRole("link", { name: /4500099991\/10/ }).waitFor();
});

test("a chart is a table, a CSV and a picture too, and a drag over it narrows the page", async () => {
  const page = await open("/?range=3d");
  await page.locator("canvas").waitFor();
  const menu = page.getByRole("button", { name: "Table and downloads of this chart" });
  const save = async (name: string): Promise<string> => {
    await menu.click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: `Download as ${name}` }).click(),
    ]);
    return readFileSync(await file.path(), "latin1");
  };
  expect(await save("CSV")).toMatch(/^time,accepted,failed\r\n/);
  expect(await save("PNG")).toMatch(/^\x89PNG/);
  await menu.click();
  await page.getByRole("menuitem", { name: "Show as a table" }).click();
  expect(await sees(page.getByRole("region", { name: "Events, as a table" }))).toBe(true);
  await menu.click();
  await page.getByRole("menuitem", { name: "Show as a chart" }).click();
  const box = (await page.locator(".chart-pointer").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 40, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/from=.*&to=/);
});

test("a page goes back to what was known at a moment, says so, and comes back", async () => {
  const page = await open(BREACHES);
  await page.getByText(`${UNANSWERED + 1} legs`, { exact: true }).waitFor();
  await page.keyboard.press("t");
  await page.getByLabel("As known at").fill(new Date(Date.now() - 30 * HOUR_MS).toISOString().slice(0, 16));
  await page.getByRole("button", { name: "Go back to then" }).click();
  await page.getByText("What arrived or was judged later is left out.").waitFor();
  await page.getByText("No leg matches.").waitFor();
  expect(page.url()).toContain("asOf=");
  await page.getByRole("link", { name: "Overview" }).first().click();
  await page.getByText("Nothing had arrived by then.").waitFor();
  await page.getByRole("link", { name: "Coverage" }).first().click();
  // The tower had not been started then, so that nobody had told it what to expect.
  await page.getByText(/^What was configured is not known before/).waitFor();
  await page.getByRole("link", { name: "Catalogue" }).first().click();
  await page.getByText(/^What was configured is not known before/).waitFor();
  await page.getByText("Choose a later moment beside the time range, or go back to now.").waitFor();
  await page.getByRole("link", { name: "Settings" }).first().click();
  await page.getByText(/^This page shows the present/).waitFor();
  for (let pages = 0; pages < 4; pages++) await page.goBack();
  await page.getByRole("button", { name: "Back to now" }).click();
  await page.getByText(`${UNANSWERED + 1} legs`, { exact: true }).waitFor();
});

test("the overview of a moment asks for what was at risk and late then", async () => {
  const page = await open(BREACHES);
  const asOf = new Date().toISOString();
  const asked = ["/api/v1/legs", "/api/v1/breaches"].map((path) =>
    page.waitForRequest((request) => new URL(request.url()).pathname === path),
  );
  await page.goto(new URL(`/?asOf=${asOf}`, page.url()).href);
  const moments = (await Promise.all(asked)).map((request) => new URL(request.url()).searchParams.get("asOf"));
  expect(moments).toEqual([asOf, asOf]);
});

test("a site of which nothing is known says so, and leads back to all of them", async () => {
  const page = await open("/?site=nowhere&domain=nothing");
  await page
    .getByText("No feed has sent anything for nowhere, nothing, or it lies outside of what you may see.")
    .waitFor();
  await page.getByRole("button", { name: "Show all sites and domains" }).click();
  await page.getByText("Flows and legs").waitFor();
  expect(page.url()).not.toMatch(/site=|domain=/);
});

test("a leg tells what brought each of its verdicts, and when that arrived", async () => {
  const page = await open(`${BREACHES}&q=${encodeURIComponent(RICH_LINE)}`);
  await rowsOf(page).first().click();
  const story = page.getByRole("region", { name: "What was known, and when" });
  await story.getByRole("link", { name: "Order sent" }).first().waitFor();
  expect(await story.textContent()).toMatch(/arrived .* from \/procurement\/group/);
  await story.getByRole("link", { name: "Order sent" }).first().click();
  await page.getByRole("heading", { name: "Order sent" }).first().waitFor();
});

test("a flow shows how long its legs took, and at which site and hour they are late", async () => {
  const page = await open("/flows/procure-to-pay?range=3d");
  const diagram = page.getByRole("region", { name: "Milestones and legs" }).last();
  await diagram.getByRole("link", { name: "Order sent to message accepted", exact: true }).click();
  await page.getByRole("heading", { name: "Order sent to message accepted" }).first().waitFor();
  await page.getByText("90 % up to (p90)").waitFor();
  expect(page.url()).toContain("leg=");
  const cell = page.getByRole("link", { name: /^0 % late of \d+$/ }).first();
  const [, count] = /late of (\d+)/.exec((await cell.textContent()) ?? "") ?? [];
  await cell.click();
  await page.getByText(count === "1" ? "1 leg" : `${count} legs`, { exact: true }).waitFor();
  await page.getByRole("button", { name: /^Began/ }).waitFor();
});

test("what was refused shows its reasons and its bytes", async () => {
  const page = await open("/quarantine");
  await rowsOf(page).first().getByRole("link").click();
  const drawer = page.getByRole("complementary", { name: "Refused item" });
  await drawer.getByText("/type", { exact: true }).waitFor();
  expect(await sees(drawer.getByText('"Not A Type"'))).toBe(true);
});

test("an empty list says what would be there", async () => {
  const page = await open("/breaches?q=nothing-has-this-id");
  await page.getByText("No leg matches.").waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  expect(await sees(rowsOf(page).first())).toBe(true);
});

test("an error says what failed and what to do, and goes away when it is over", async () => {
  current = await visit(browser, stack.url);
  const { page } = current;
  await page.route("**/api/v1/breaches*", (route) => route.abort());
  await page.goto(`${stack.url}${BREACHES}`);
  const alert = page.getByRole("alert");
  await alert.getByText("Breaches could not be read.").waitFor();
  await alert.getByText(/Collected events are safe/).waitFor();
  await page.unroute("**/api/v1/breaches*");
  await alert.getByRole("button", { name: "Try again" }).click();
  expect(await sees(rowsOf(page).first())).toBe(true);
});
