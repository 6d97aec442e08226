import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { launchBrowser } from "../browser/launch-browser.ts";
import { DEARER, MUCH_DEARER, UNRECEIVED, receive } from "./invoices.ts";
import { type Stack, startStack, TOKEN } from "./stack.ts";
import { type Visit, sees, visit } from "./visit.ts";

let stack: Stack;
let browser: Browser;
let current: Visit;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ isEmpty: true, hasInvoices: true }), launchBrowser()]);
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

async function post(path: string, body: object, key = TOKEN): Promise<unknown> {
  const answer = await fetch(`${stack.url}/api/v1${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const drawerOf = (page: Page) => page.getByRole("complementary", { name: "Match" });

test("the list begins with what is due first; a row opens to how it came about", async () => {
  const page = await open("/matches");
  await page.getByText("3 matches to look at", { exact: true }).waitFor();
  const grid = page.getByRole("grid", { name: "Matches" });
  const rows = grid.getByRole("row");
  expect(await rows.nth(1).textContent()).toContain("No receipt yet");
  expect(await sees(page.getByRole("list", { name: "What is open, by owner" }).getByText("2,500.00 USD"))).toBe(true);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.locator('[data-index="1"] .row-link:focus').waitFor();
  await page.keyboard.press("Enter");
  const drawer = drawerOf(page);
  await drawer.getByText("It bills more than quantity times the order's price.").waitFor();
  expect(await sees(drawer.getByText("Compare with the contract in force."))).toBe(true);
  const tests = drawer.getByRole("table", { name: "Tests", exact: true });
  const price = tests.getByRole("row").filter({ hasText: /^Price/ });
  for (const text of ["100.00 USD (10.00 %)", "50.00 or 2 %", "Broken"])
    expect(await sees(price.getByText(text))).toBe(true);
  const compared = drawer.getByRole("table", { name: "What is compared" });
  expect(
    await sees(compared.getByRole("row").filter({ hasText: "what may still be invoiced" }).getByText("100 EA")),
  ).toBe(true);
  await drawer.getByRole("link", { name: `erp.goods_receipt.posted-${DEARER.line}` }).click();
  await page
    .getByRole("heading", { name: new RegExp(DEARER.line) })
    .first()
    .waitFor();
});

test("somebody takes a match, logs minutes and accepts it, by keyboard", async () => {
  const page = await open(`/matches?q=${DEARER.line.slice(0, 10)}`);
  await page.getByText("1 match to look at", { exact: true }).waitFor();
  await page.keyboard.press("j");
  await page.locator('[data-index="0"] .row-link:focus').waitFor();
  await page.keyboard.press("Enter");
  const drawer = drawerOf(page);
  await drawer.getByRole("button", { name: "Take", exact: true }).waitFor();
  await page.keyboard.press("m");
  await page.getByRole("dialog", { name: "Take it?" }).getByRole("button", { name: "Take it" }).click();
  await drawer.getByText("In work").first().waitFor();
  await page.keyboard.press("n");
  const log = page.getByRole("dialog", { name: "Log time" });
  await log.getByRole("button", { name: "Log it" }).click();
  await log.getByText("Say how many minutes, from 1 to 1,440.").waitFor();
  await log.getByLabel("Minutes").fill("15");
  await log.getByRole("button", { name: "Log it" }).click();
  await drawer.getByText(/^Administrator logged 15 min/).waitFor();
  await drawer.getByRole("button", { name: "Accept" }).click();
  const accept = page.getByRole("dialog", { name: "Accept it as it is?" });
  expect(await sees(accept.getByText("It may cost 100.00 USD. One person may accept that."))).toBe(true);
  await accept.getByLabel("Why, for the record").fill("Agreed by phone");
  await accept.getByRole("button", { name: "Accept it" }).click();
  await drawer.getByText("Accepted", { exact: true }).first().waitFor();
  expect(await sees(drawer.getByText("Blocked by the rules"))).toBe(true);
});

test("beyond the limit a second person approves, and not who accepted it", async () => {
  const made = await post("/keys", { name: "Ada Rivera", roles: ["operator"] });
  const operator = z.object({ text: z.string() }).parse(made).text;
  const answer = await fetch(`${stack.url}/api/v1/matches?order=${encodeURIComponent(MUCH_DEARER.line)}&kind=line`, {
    headers: { authorization: `Bearer ${operator}` },
  });
  const shape = z.object({ items: z.array(z.object({ id: z.string(), work: z.object({ seen: z.string() }) })) });
  const [item] = shape.parse(await answer.json()).items;
  if (!item) throw new Error("no match");
  const path = `/matches/${encodeURIComponent(item.id)}`;
  await post(`${path}/accept`, { version: 0, seen: item.work.seen, reason: "The price was raised" }, operator);
  const page = await open(`/matches?state=proposed&open=${encodeURIComponent(item.id)}`);
  const drawer = drawerOf(page);
  await drawer.getByText("Wants approval").first().waitFor();
  await drawer.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Approve it" }).click();
  await drawer.getByText(/^Administrator approved/).waitFor();
  expect(await sees(drawer.getByText("Ada Rivera").first())).toBe(true);
});

test("the receipt resolves what waited for it, and the journey shows both", async () => {
  const page = await open("/matches?owner=receiving");
  await page.getByText("1 match to look at", { exact: true }).waitFor();
  const sent = await stack.send([receive(UNRECEIVED.line, Date.now() - 60_000)]);
  expect(sent.ok).toBe(true);
  await page.getByText("Nothing keeps an invoice from being paid here.").waitFor();
  await page.goto(`${stack.url}/matches?state=resolved`);
  await page.getByRole("row").filter({ hasText: UNRECEIVED.invoice }).getByRole("link").first().click();
  const drawer = drawerOf(page);
  const history = drawer.getByRole("region", { name: "What the rules said, and when" });
  await history.getByText("Matched,").waitFor();
  expect(await sees(history.getByRole("link", { name: "erp.goods_receipt.posted" }).first())).toBe(true);
  await page.goto(`${stack.url}/journeys/purchase_order_line/${encodeURIComponent(UNRECEIVED.line)}`);
  const section = page.getByRole("region", { name: "Matches" });
  await section.getByText("Resolved").waitFor();
  await section.getByRole("link", { name: `Line ${UNRECEIVED.invoice}` }).click();
  await drawerOf(page).getByText("It passes by now").waitFor();
});

test("a seat shows its own work, and says when there is none", async () => {
  const page = await open("/matches");
  await page.getByRole("button", { name: "Finance" }).click();
  await page.getByText("Nothing keeps an invoice from being paid here.").waitFor();
  await page.getByRole("link", { name: "See what passed" }).click();
  expect(await sees(page.getByText(/^\d+ results?$/))).toBe(true);
});
