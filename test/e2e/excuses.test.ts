import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { launchBrowser } from "../browser/launch-browser.ts";
import { type Stack, startStack, TOKEN } from "./stack.ts";
import { RICH_LINE } from "./trade.ts";
import { sees, type Visit, visit } from "./visit.ts";

const HOUR_MS = 3_600_000;

let stack: Stack;
let browser: Browser;
let current: Visit;
let operator: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  const made = await post("/keys", { name: "Ada Rivera", roles: ["operator"] }, TOKEN);
  operator = z.object({ text: z.string() }).parse(made).text;
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

async function post(path: string, body: object, key: string): Promise<unknown> {
  const answer = await fetch(`${stack.url}/api/v1${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function open(path: string): Promise<Page> {
  current = await visit(browser, stack.url);
  await current.page.goto(stack.url + path);
  return current.page;
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();

test("what one person requests and another approves corrects a breach, and the leg's story says so", async () => {
  await post(
    "/excuses",
    {
      flow: "procure-to-pay",
      leg: "acknowledgement",
      from: hoursAgo(29),
      until: hoursAgo(19),
      reason: "Network release",
    },
    operator,
  );
  const page = await open("/excuses");
  await page.getByText("1 window", { exact: true }).waitFor();
  await page.getByRole("link", { name: /Network release/ }).click();
  const drawer = page.getByRole("complementary", { name: "Excuse or pause" });
  await drawer.getByText("Order sent to acknowledged (Procure to pay)").waitFor();
  await drawer.getByRole("button", { name: "Approve" }).click();
  const dialog = page.getByRole("dialog", { name: "Approve it?" });
  await dialog.getByLabel("Note, for the record").fill("Announced");
  await dialog.getByRole("button", { name: "Approve it" }).click();
  await drawer.getByText("Announced").waitFor();
  expect(await sees(drawer.getByText(/^Approved$/).first())).toBe(true);

  const key = `procure-to-pay~acknowledgement~0~purchase_order_line~${encodeURIComponent(RICH_LINE)}`;
  await page.goto(`${stack.url}/legs?range=3d&open=${key}`);
  const story = page.getByRole("region", { name: "What was known, and when" });
  await story
    .getByText(/Network release\. Requested by Ada Rivera, approved by Administrator\. Note: Announced/)
    .waitFor();
  expect(await story.getByText("Met").count()).toBeGreaterThan(0);
  await story.getByRole("link", { name: "What was decided" }).click();
  await page.getByRole("complementary", { name: "Excuse or pause" }).waitFor();
});

test("a request is checked where it is typed, sent by keyboard, and cannot be approved by who made it", async () => {
  const page = await open("/excuses?state=requested");
  await page.getByText("No excuse and no pause matches.").waitFor();
  expect(await page.getByText("No excuse and no pause is recorded.").count()).toBe(0);
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "Request an excuse or a pause" });
  await dialog.getByRole("button", { name: "Request it" }).click();
  await dialog.getByText("Say when it begins.").waitFor();
  await dialog.getByLabel(/^Flow/).selectOption("procure-to-pay");
  await dialog.getByLabel(/^Leg/).selectOption("posting");
  await dialog.getByLabel(/^From/).fill("2026-12-06T20:00");
  await dialog.getByLabel(/^Until/).fill("2026-12-06T19:00");
  await dialog.getByLabel(/^Why/).fill("ERP release");
  await dialog.getByRole("button", { name: "Request it" }).click();
  await dialog.getByText("It has to end after it begins.").waitFor();
  await dialog.getByLabel(/^Until/).fill("2026-12-07T02:00");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "Excuse or pause" });
  await drawer.getByText("another operator or administrator has to decide").waitFor();
  expect(await drawer.getByRole("button", { name: "Approve" }).isDisabled()).toBe(true);
  await drawer.getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw it" }).click();
  await drawer.getByText("It was taken back; its time counts again.").waitFor();
});

test("calendars show their hours, the days off ahead, and the next change of the clocks", async () => {
  const page = await open("/excuses");
  await page.getByRole("link", { name: "Calendars" }).click();
  const section = page.getByRole("region", { name: "Business hours, Central time" });
  await section.getByText("Mon to Fri").waitFor();
  expect(await sees(section.getByText(/^go (forward|back) from UTC-0/))).toBe(true);
  expect(await section.getByRole("row", { name: /Day/ }).count()).toBeGreaterThan(1);
  expect(await sees(section.getByText("No leg uses it."))).toBe(true);
});
