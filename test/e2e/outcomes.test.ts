import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../browser/launch-browser.ts";
import { SHORT_LINE } from "./books.ts";
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

test("each figure stands with its n, and what cannot be measured says why and is no zero", async () => {
  const page = await open("/outcomes");
  const row = (name: RegExp) => page.getByRole("row", { name });
  const orders = row(/^Order lines placed while out/);
  await orders.getByText("100 %").waitFor();
  expect(await sees(orders.getByRole("img", { name: /^Trend of Order lines placed while out/ }))).toBe(true);
  expect(
    await sees(
      row(/^Requisition approved to order sent/)
        .getByText("2 h")
        .first(),
    ),
  ).toBe(true);
  const incidents = row(/^Incident onset to closed/);
  expect(
    await sees(incidents.getByText(/^Not measurable yet, because this tower does not gather failures into incidents/)),
  ).toBe(true);
  expect(await incidents.getByText("0 %").count()).toBe(0);
  await page.getByRole("button", { name: "52 weeks" }).click();
  await page.waitForURL(/days=364/);
  await orders.getByText("100 %").waitFor();
});

test("a figure opens to its fraction, its chart, its cases and their journeys", async () => {
  const page = await open("/outcomes");
  await page.getByRole("link", { name: "Order lines placed while out" }).click();
  const drawer = page.getByRole("complementary", { name: "Figure" });
  await drawer.getByText("Numerator").waitFor();
  await drawer.getByRole("img", { name: /^Over the period/ }).waitFor();
  await drawer.getByRole("link", { name: "Open its cases" }).click();
  await page.getByText("1 case", { exact: true }).waitFor();
  await page.getByRole("link", { name: new RegExp(`^${SHORT_LINE}`) }).click();
  await page.waitForURL(/\/journeys\/purchase_order_line\//);
  await page.goBack();
  await page.getByRole("link", { name: "Outcomes", exact: true }).last().click();
  expect(await sees(drawer.getByText("Numerator"))).toBe(true);
});
