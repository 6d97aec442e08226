import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../browser/launch-browser.ts";
import { BOOKED_HOURS_AGO, REPRICED, UNISSUED } from "./books.ts";
import { type Stack, startStack } from "./stack.ts";
import { type Visit, sees, visit } from "./visit.ts";

const HOUR_MS = 3_600_000;

let stack: Stack;
let browser: Browser;
let current: Visit;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ hasBooks: true }), launchBrowser()]);
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

/** A day of the fiscal period in which the books were written, by their clocks. */
function toBookedDay(): string {
  const at = Date.now() - BOOKED_HOURS_AGO * HOUR_MS;
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "America/Chicago" }).format(at);
}

test("the list shows net, gross and count together for each currency, and never calls good what is unknown", async () => {
  const page = await open("/?range=3d");
  await page.getByRole("heading", { level: 1, name: /legs are late/ }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  const table = page.getByRole("table", { name: "Reconciliations, the worst first" });
  const first = table.getByRole("row").nth(1);
  await first.getByText("Dispenses to inventory issues").waitFor();
  expect(await sees(first.getByText("Beyond limit"))).toBe(true);
  for (const name of [/^net 30 VL/, /^gross 30 VL/, /^open items 3 VL/])
    expect(await sees(first.getByRole("link", { name }))).toBe(true);
  const euros = table.getByRole("row").filter({ hasText: "EUR" });
  expect(await sees(euros.getByRole("link", { name: /^net 1,250\.00 EUR/ }))).toBe(true);
  const dollars = table.getByRole("row").filter({ hasText: "USD" });
  expect(await sees(dollars.getByRole("link", { name: /^net −21\.50 USD/ }))).toBe(true);
  expect(await sees(dollars.getByRole("link", { name: /^gross 21\.50 USD/ }))).toBe(true);
  expect(await sees(dollars.getByRole("img", { name: /^USD: gross 21\.50 now/ }))).toBe(true);
  const unheard = table.getByRole("row").filter({ hasText: "Nightly file to event feed" });
  expect(await sees(unheard.getByText("Unknown"))).toBe(true);
  expect(await sees(unheard.getByText("In the nightly file never heard of"))).toBe(true);
  await page.getByRole("button", { name: "State" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Unknown" }).click();
  await page.keyboard.press("Escape");
  await page.getByText("1 reconciliation", { exact: true }).waitFor();
});

test("from a figure to its items, to the events of one, and to its journey", async () => {
  const page = await open("/reconciliations");
  await page.getByRole("link", { name: /^open items 3 VL/ }).click();
  await page.getByRole("heading", { name: "Open items of Dispenses to inventory issues" }).waitFor();
  const rows = page
    .getByRole("grid")
    .getByRole("row")
    .filter({ has: page.getByRole("gridcell") });
  await rows.first().waitFor();
  expect(await rows.count()).toBe(UNISSUED);
  await page.keyboard.press("j");
  await page.locator('[data-index="0"] .row-link:focus').waitFor();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "Open item" });
  await drawer.getByText("“Dispensed” states it and “Taken off the stock” does not.").waitFor();
  const copy = await current.context.newPage();
  await copy.goto(page.url());
  await copy.getByRole("complementary", { name: "Open item" }).getByText("Look for the message").waitFor();
  await copy.close();
  await drawer.getByRole("link", { name: "pharmacy.dispense.recorded-D-0" }).click();
  await page.getByRole("complementary", { name: "Event" }).getByText('"pharmacy.dispense.recorded"').waitFor();
  expect(page.url()).toContain("/journeys/dispense/D-0");
});

test("the statement rolls forward by fiscal period, and each figure opens as many rows", async () => {
  const page = await open(`/reconciliations/invoices/statement?on=${toBookedDay()}`);
  const dollars = page.getByRole("region", { name: "USD" });
  const line = (name: RegExp) => dollars.getByRole("row", { name });
  await line(/^Closing/).waitFor();
  expect(await line(/^New/).getByRole("link").allTextContents()).toEqual(["4", "3,771.50"]);
  expect(
    await line(/^Cleared/)
      .getByRole("link")
      .allTextContents(),
  ).toEqual(["3", "3,750.00"]);
  expect(
    await line(/^Closing/)
      .getByRole("link")
      .allTextContents(),
  ).toEqual(["1", "21.50"]);
  expect(await sees(dollars.getByRole("row", { name: /^Price differs|^Unexplained/ }))).toBe(true);
  expect(await sees(page.getByText(/by the clocks of America\/Chicago/))).toBe(true);
  await line(/^Cleared/)
    .getByRole("link")
    .first()
    .click();
  await page.getByText("3 moves", { exact: true }).waitFor();
  await page.goBack();
  await line(/^Closing/)
    .getByRole("link")
    .first()
    .click();
  await page.getByRole("link", { name: new RegExp(REPRICED) }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "The period before" }).click();
  await page.getByText("Nothing was open in this period, and nothing moved.").waitFor();
  await page.getByRole("link", { name: "The next period" }).click();
  await line(/^Closing/).waitFor();
});

test("a moment before anything was known is shown as it was then, from the list to its pages", async () => {
  const page = await open(`/reconciliations?asOf=${new Date(Date.now() - 400 * 24 * HOUR_MS).toISOString()}`);
  await page.getByText(/^As known on/).waitFor();
  const table = page.getByRole("table", { name: "Reconciliations, the worst first" });
  await table.getByRole("link", { name: "Invoices to postings" }).click();
  await page.getByRole("heading", { level: 1, name: "Invoices to postings" }).waitFor();
  await page.getByText("Nothing was held against anything yet.").waitFor();
  expect(await sees(page.getByText(/^As known on/))).toBe(true);
});

test("its address leads to the statement, and from there control totals name the keys that differ", async () => {
  const page = await open("/reconciliations/dispenses?range=3d");
  await page.getByRole("heading", { level: 1, name: "Dispenses to inventory issues" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/reconciliations/dispenses/statement");
  await page.getByRole("link", { name: "Control totals" }).click();
  await page.getByRole("heading", { name: "Control totals of Dispenses to inventory issues" }).waitFor();
  const totals = page.getByRole("table", { name: "Control totals in VL" });
  const textOf = (name: string) => totals.getByRole("row", { name }).getByRole("cell").allTextContents();
  await totals.waitFor();
  expect((await textOf("Dispensed")).slice(1, 4)).toEqual(["8", "8", "80"]);
  expect((await textOf("Taken off the stock")).slice(1, 4)).toEqual(["5", "5", "50"]);
  const differences = page.getByRole("table", { name: "3 keys differ" });
  await differences.getByRole("link", { name: "D-0" }).waitFor();
  expect(await differences.getByRole("row", { name: /^D-/ }).count()).toBe(UNISSUED);
  expect(await sees(differences.getByText("not stated").first())).toBe(true);
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Dispenses to inventory issues" }).waitFor();
});

test("lists and statements leave as files", async () => {
  const page = await open("/reconciliations/invoices/statement");
  await page.getByRole("button", { name: "Download this list" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("statement-invoices.csv");
});

test("what nobody reconciled is not known, and says so", async () => {
  const page = await open("/reconciliations/unheard/statement");
  expect(await sees(page.getByText("Nothing was held against anything yet."))).toBe(true);
  expect(await sees(page.getByText(/In the nightly file.*was never heard of/))).toBe(true);
  await page.goto(`${stack.url}/reconciliations/none/statement`);
  expect(await sees(page.getByText("There is no reconciliation none."))).toBe(true);
});
