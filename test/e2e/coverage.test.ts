import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../browser/launch-browser.ts";
import {
  BLIND_LINES,
  BLIND_SITE,
  CLOSED_FEED,
  NUMBERED_FEED,
  PROMISED_FEED,
  SILENT_FEED,
  createAheadEvent,
  createOutage,
} from "./outage.ts";
import { type Stack, startStack } from "./stack.ts";
import { type Visit, sees, visit } from "./visit.ts";

let stack: Stack;
let browser: Browser;
let current: Visit;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  const taken = await stack.send(createOutage(Date.now()));
  if (!taken.ok) throw new Error(`The outage was refused: ${await taken.text()}`);
  await stack.send([createAheadEvent(Date.now())]);
  const first = await visit(browser, stack.url);
  await first.page.goto(`${stack.url}/coverage`);
  await findingsOf(first.page)
    .filter({ hasText: /^Silent/ })
    .waitFor({ timeout: 60_000 });
  await first.context.close();
}, 180_000);

afterEach(async () => {
  const { faults } = current;
  await current.context.close();
  if (faults.length > 0) throw new Error(`The page failed: ${faults.join("; ")}`);
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

const findingsOf = (page: Page) => page.getByRole("region", { name: "Findings" }).getByRole("link");
const drawerOf = (page: Page) => page.getByRole("complementary", { name: "Feed" });

test("an outage is one finding, however many legs it touches, and opens its feed", async () => {
  const page = await open("/coverage");
  const silent = findingsOf(page).filter({ hasText: /^Silent/ });
  await silent.waitFor();
  expect(await silent.count()).toBe(1);
  await silent.click();
  const drawer = drawerOf(page);
  await drawer.getByRole("heading", { name: SILENT_FEED }).waitFor();
  await drawer.getByText("After 1 s without a sign of life").waitFor();
  await drawer
    .getByRole("table", { name: /^Blind/ })
    .getByText("goes on")
    .waitFor();
  expect(page.url()).toContain(`open=${encodeURIComponent(SILENT_FEED)}`);
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
});

test("missing numbers are listed, and a filter narrows findings and feeds alike", async () => {
  const page = await open(`/coverage?finding=missing-numbers&open=${encodeURIComponent(NUMBERED_FEED)}`);
  await findingsOf(page).getByText("3 numbers missing: 3–5.").waitFor();
  await page.getByText("1 feed", { exact: true }).waitFor();
  const gaps = drawerOf(page).getByRole("table", { name: "3 missing numbers" });
  expect(await sees(gaps.getByText("3–5"))).toBe(true);
  expect(await findingsOf(page).count()).toBe(1);
  expect(await sees(drawerOf(page).getByRole("link", { name: "1 refused" }))).toBe(true);
});

test("a feed that is closed by its calendar is not silent, and a file that never came is named", async () => {
  const page = await open(`/coverage?open=${encodeURIComponent(CLOSED_FEED)}`);
  await drawerOf(page)
    .getByText(/office says that it is closed: nothing is wrong/)
    .waitFor();
  expect(await findingsOf(page).filter({ hasText: CLOSED_FEED }).count()).toBe(0);
  await findingsOf(page).filter({ hasText: PROMISED_FEED }).first().click();
  await drawerOf(page).getByText("Nothing of it was ever taken.").waitFor();
  expect(await sees(drawerOf(page).getByRole("table", { name: "Expected batches" }).getByText("missing").first())).toBe(
    true,
  );
});

test("findings that cannot be read say so and come back, and the feeds are there meanwhile", async () => {
  current = await visit(browser, stack.url);
  const { page } = current;
  await page.route("**/api/v1/sources/findings*", (route) => route.abort());
  await page.goto(`${stack.url}/coverage`);
  const alert = page.getByRole("alert");
  await alert.getByText(/^The findings could not be read/).waitFor();
  await page.getByRole("grid", { name: "Feeds" }).getByText(SILENT_FEED).waitFor();
  await page.unroute("**/api/v1/sources/findings*");
  await alert.getByRole("button", { name: "Try again" }).click();
  expect(await sees(findingsOf(page).first())).toBe(true);
});

test("the feeds are reached and opened without a mouse", async () => {
  const page = await open("/");
  await page.getByRole("link", { name: "Coverage" }).first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.getByRole("grid", { name: "Feeds" }).getByRole("row").nth(1).waitFor();
  await page.keyboard.press("j");
  await page.locator(".row-link:focus").waitFor();
  await page.keyboard.press("Enter");
  expect(await sees(drawerOf(page).getByText("Watermark", { exact: true }))).toBe(true);
});

test("what cannot be known is hatched on the heat map and never coloured", async () => {
  const page = await open("/flows/procure-to-pay?range=3d&leg=acknowledgement");
  const row = page.getByRole("row", { name: new RegExp(`^${BLIND_SITE}`) });
  const cell = row.getByTitle(new RegExp(`^${BLIND_LINES.length} of these legs cannot be known`));
  await cell.waitFor();
  const look = (selector: string, property: string) =>
    page.evaluate(`getComputedStyle(document.querySelector("${selector}")).${property}`);
  expect(await look(".heat-cell.blind", "backgroundImage")).toMatch(/^repeating-linear/);
  expect(await look(".heat-cell.blind", "backgroundColor")).toBe("rgba(0, 0, 0, 0)");
  expect(await look(".heat-cell:not(.blind)", "backgroundImage")).toBe("none");
  await cell.click();
  await page.getByText(`${BLIND_LINES.length + 1} legs`, { exact: true }).waitFor();
});
