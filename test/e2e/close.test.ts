import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../browser/launch-browser.ts";
import { type Stack, startStack } from "./stack.ts";
import { type Visit, sees, visit } from "./visit.ts";

let stack: Stack;
let browser: Browser;
let current: Visit;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ hasBooks: true, isEmpty: true }), launchBrowser()]);
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

test("the close says what it is short of, and leads to what is open and whose it is", async () => {
  const page = await open("/reconciliations");
  await page.getByRole("link", { name: "Close room" }).click();
  expect(await sees(page.getByText(/^Not ready: the period still runs/))).toBe(true);
  const table = page.getByRole("table", { name: "Reconciliations of the close" });
  expect(await sees(table.getByRole("row", { name: /Nightly file to event feed/ }).getByText("Unknown"))).toBe(true);
  expect(await sees(page.getByRole("table", { name: "Owners of the close" }).getByText("Accounts payable"))).toBe(true);
  await table.getByRole("link", { name: /30 VL, 3 items/ }).click();
  await page.getByRole("heading", { name: "Open items of Dispenses to inventory issues" }).waitFor();
});

test("an ended period is locked from a checkpoint with a reason, and reproduced byte for byte", async () => {
  const page = await open("/close");
  await page.getByRole("link", { name: "The period before" }).click();
  await page.waitForURL(/on=/);
  await page.getByRole("link", { name: "Invoices to postings" }).click();
  const drawer = page.getByRole("complementary", { name: "Checkpoints" });
  await drawer.getByText("There is no checkpoint of this cut-off yet").waitFor();
  await drawer.getByRole("button", { name: "Make a checkpoint" }).click();
  await drawer.getByRole("button", { name: "Reproduce" }).click();
  await drawer.getByText("the same, byte for byte").waitFor();
  await drawer.getByRole("button", { name: "Lock the period" }).click();
  const dialog = page.getByRole("dialog", { name: "Lock the period?" });
  expect(await dialog.getByRole("button", { name: "Lock it" }).isDisabled()).toBe(true);
  await dialog.getByLabel("Why, for the record").fill("It is done.");
  await page.keyboard.press("Tab");
  await dialog.getByRole("button", { name: "Lock it" }).click();
  await drawer.getByText(/by Administrator: It is done\./).waitFor();
  await drawer.getByText("Nothing was known otherwise since the lock.").waitFor();
  await drawer.getByRole("link", { name: "Statement" }).click();
  expect(await sees(page.getByText(/The figures are those of the lock/))).toBe(true);
});
