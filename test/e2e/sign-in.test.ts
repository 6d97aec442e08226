import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../browser/launch-browser.ts";
import { type Stack, TOKEN, startStack } from "./stack.ts";
import { sees, visit } from "./visit.ts";

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ isEmpty: true }), launchBrowser()]);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await stack.close();
});

test("a sign-in link lets in once, leaves no code behind, and the empty tower says how to begin", async () => {
  const link = stack.createSignInLink();
  const first = await visit(browser, stack.url, { isSignedIn: false });
  await first.page.goto(link);
  await first.page.getByText("Nothing has arrived yet.").waitFor();
  expect(await first.page.getByRole("heading", { level: 1 }).textContent()).toBe("Overview");
  expect(first.page.url()).toBe(`${stack.url}/`);
  const second = await visit(browser, stack.url, { isSignedIn: false });
  await second.page.goto(link);
  await second.page
    .getByRole("alert")
    .getByText(/used already/)
    .waitFor();
  await Promise.all([first.context.close(), second.context.close()]);
});

test("a key lets in, a wrong one is refused, and signing out leads back", async () => {
  const { page, context } = await visit(browser, stack.url, { isSignedIn: false });
  const refused: string[] = [];
  page.on("response", (response) => response.status() >= 400 && refused.push(response.url()));
  await page.goto(`${stack.url}/coverage`);
  await page.getByText(/prints a one-time sign-in link/).waitFor();
  expect(refused).toEqual([]);
  await page.getByLabel("Key").fill("not-a-key");
  await page.keyboard.press("Enter");
  await page
    .getByRole("alert")
    .getByText(/not known/)
    .waitFor();
  await page.getByLabel("Key").fill(TOKEN);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Coverage" }).waitFor();
  await page.getByRole("button", { name: /sign-out/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  expect(await sees(page.getByLabel("Key"))).toBe(true);
  await context.close();
});

test("what is empty without a filter does not speak of one", async () => {
  const { page, context } = await visit(browser, stack.url);
  const empty = { excuses: "No excuse and no pause is recorded.", legs: "No leg is in this time." };
  for (const [path, title] of Object.entries(empty)) {
    await page.goto(`${stack.url}/${path}?range=3d`);
    await page.getByText(title).waitFor();
    await page.goto(`${stack.url}/${path}?q=none`);
    expect(await sees(page.getByText(/^No .* matches\.$/))).toBe(true);
  }
  await context.close();
});

test("pages that are not there say so, well-formed address or not", async () => {
  const { page, context, faults } = await visit(browser, stack.url);
  await page.goto(`${stack.url}/nowhere/at-all`);
  await page.getByText("There is no page at this address.").waitFor();
  await page.goto(`${stack.url}/journeys/lot/no-such-lot`);
  await page.getByText("Nothing is known of lot no-such-lot.").waitFor();
  await page.goto(`${stack.url}/flows/no-such-flow`);
  await page.getByText("There is no flow no-such-flow.").waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test("a tower that does not answer says that data is safe, and comes back by itself", async () => {
  const { page, context } = await visit(browser, stack.url);
  await page.route("**/api/v1/me", (route) => route.abort());
  await page.goto(stack.url);
  await page.getByText("The control tower could not be read.").waitFor();
  await page.getByText(/Collected events are safe/).waitFor();
  await page.unroute("**/api/v1/me");
  expect(await sees(page.getByText("Nothing has arrived yet."))).toBe(true);
  await context.close();
});

test("a key can be made, is shown once, and can be revoked", async () => {
  const { page, context } = await visit(browser, stack.url);
  await page.goto(`${stack.url}/settings`);
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByLabel("Name").fill("Night shift");
  await page.getByRole("button", { name: "Make the key" }).click();
  await page.getByText("It is shown here and never again.").waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("row", { name: /Night shift/ });
  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke the key" }).click();
  expect(await sees(row.getByText(/revoked/))).toBe(true);
  await context.close();
});
