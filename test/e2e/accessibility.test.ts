import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { launchBrowser } from "../browser/launch-browser.ts";
import { DEARER } from "./invoices.ts";
import { type Stack, startStack, TOKEN } from "./stack.ts";
import { RICH_LINE, TRACE_ID } from "./trade.ts";
import { type Visit, sees, visit } from "./visit.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RUN = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + " " + failureSummary) })))`;

interface PageCase {
  name: string;
  path: string;
  /** Something that is there once the page is. */
  text: string | RegExp;
}

const PAGES: PageCase[] = [
  { name: "overview", path: "/?range=3d", text: "Due next" },
  { name: "breaches", path: "/breaches?range=3d", text: /^\d+ legs/ },
  {
    name: "breach",
    path: `/breaches?range=3d&open=procure-to-pay~acknowledgement~0~purchase_order_line~${encodeURIComponent(RICH_LINE)}`,
    text: "What to do",
  },
  { name: "legs", path: "/legs?range=3d&verdict=MET&verdict=OPEN&verdict=AT_RISK", text: /^\d+ legs/ },
  { name: "flows", path: "/flows?range=3d", text: "Procure to pay" },
  { name: "flow", path: "/flows/procure-to-pay?range=3d", text: "Legs by the hour" },
  { name: "service levels", path: "/slos", text: "Suppliers acknowledge" },
  { name: "objective", path: "/slos?open=everything", text: "What to do when it burns" },
  { name: "flow then", path: "/flows/procure-to-pay?range=3d&asOf=2026-01-05T10:00:00Z", text: "As known on" },
  { name: "search", path: "/journeys?key=4500012345", text: RICH_LINE },
  {
    name: "journey",
    path: `/journeys/purchase_order_line/${encodeURIComponent(RICH_LINE)}`,
    text: "Inside the systems",
  },
  {
    name: "event",
    path: `/journeys/purchase_order_line/${encodeURIComponent(RICH_LINE)}?scale=steps`,
    text: "in order, not to scale",
  },
  { name: "trace", path: `/traces/${TRACE_ID}`, text: "record receipt" },
  { name: "reconciliations", path: "/reconciliations", text: "Dispenses to inventory issues" },
  { name: "statement", path: "/reconciliations/invoices/statement", text: "Roll-forward" },
  {
    name: "statement of nothing",
    path: "/reconciliations/unheard/statement",
    text: "Nothing was held against anything yet.",
  },
  { name: "open items", path: "/reconciliations/dispenses/items", text: /^3 items/ },
  {
    name: "open item",
    path: "/reconciliations/dispenses/items?open=VL~a~%252Fcabinets%252Fnorth~pharmacy.dispense.recorded-D-0~D-0",
    text: "What to do",
  },
  { name: "moves", path: "/reconciliations/dispenses/moves?range=3d", text: /moves/ },
  { name: "close room", path: "/close", text: /^Not ready: / },
  {
    name: "close of a reconciliation",
    path: "/close?open=invoices",
    text: "There is no checkpoint of this cut-off yet",
  },
  { name: "crosswalks", path: "/crosswalks", text: "No document waits for a crosswalk." },
  { name: "translations", path: "/crosswalks/translations", text: "No translation is recorded." },
  {
    name: "import of translations",
    path: "/crosswalks/import",
    text: "Choose a CSV file to see what it would propose.",
  },
  { name: "edges", path: "/edges", text: "No edge has reported yet." },
  { name: "replay orders", path: "/edges/orders", text: "No replay was ordered." },
  { name: "accruals", path: "/reconciliations/dispenses/accruals", text: "Not invoiced" },
  { name: "suggestions", path: "/reconciliations/dispenses/suggestions", text: /^\d+ confirmations?$/ },
  { name: "seat of pharmacy", path: "/seats/pharmacy", text: /items? below par/ },
  { name: "seat of procurement", path: "/seats/procurement", text: "Supplier execution" },
  { name: "seat of finance", path: "/seats/finance", text: "Commitments and liabilities" },
  { name: "order lines", path: "/positions", text: /^\d+ order lines?/ },
  { name: "outcomes", path: "/outcomes", text: "Order lines placed while out" },
  { name: "outcome", path: "/outcomes?open=stockout-orders", text: "Open its cases" },
  { name: "outcome's cases", path: "/outcomes/stockout-orders/cases", text: /case/ },
  { name: "matches", path: "/matches", text: /matches to look at/ },
  { name: "match", path: "/matches?q=INV-9001&open=MATCH", text: "What the rules said, and when" },
  { name: "coverage", path: "/coverage?open=%2Fedi%2FCARDINAL", text: "What it sent in this time" },
  { name: "excuses", path: "/excuses", text: /^1 window/ },
  { name: "excuse", path: "/excuses?open=EXCUSE", text: "What was decided, and when" },
  { name: "calendars", path: "/calendars", text: "Days off ahead" },
  { name: "quarantine", path: "/quarantine", text: /1 refused item/ },
  { name: "settings", path: "/settings", text: "Appearance" },
  { name: "not found", path: "/nowhere", text: "There is no page at this address." },
];

let stack: Stack;
let browser: Browser;
let excuseId: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ hasBooks: true, hasInvoices: true }), launchBrowser()]);
  excuseId = await requestExcuse();
}, 120_000);

function toPath(path: string): string {
  return path.replace("EXCUSE", excuseId).replace("MATCH", encodeURIComponent(MATCH_ID));
}

/** The lines of an invoice on one order line, as they are named. */
const MATCH_ID = ["line", "invoice", DEARER.invoice, "9001", DEARER.line, ""].map(encodeURIComponent).join("~");

async function requestExcuse(): Promise<string> {
  const answer = await fetch(`${stack.url}/api/v1/excuses`, {
    method: "POST",
    body: JSON.stringify({ kind: "pause", from: "2026-01-05T10:00:00Z", site: "south", reason: "The dock is closed" }),
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
  });
  return z.object({ id: z.string() }).parse(await answer.json()).id;
}

afterAll(async () => {
  await browser.close();
  await stack.close();
});

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  let window: Visit;

  beforeAll(async () => {
    window = await visit(browser, stack.url);
    await window.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  });

  afterAll(() => window.context.close());

  test.each(PAGES)("$name has no serious fault of accessibility", async ({ path, text }) => {
    const { page, faults, settle } = window;
    await page.goto(stack.url + toPath(path));
    await page.getByText(text).first().waitFor();
    await settle();
    await page.evaluate(AXE);
    expect(await page.evaluate(RUN)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test("signing in has no serious fault of accessibility", async () => {
    const { page, context, settle } = await visit(browser, stack.url, { isSignedIn: false });
    await page.emulateMedia({ colorScheme });
    await page.goto(stack.url);
    await page.getByLabel("Key").waitFor();
    await settle();
    await page.evaluate(AXE);
    expect(await page.evaluate(RUN)).toEqual([]);
    await context.close();
  });
});

describe("on a screen 390 pixels wide", () => {
  let window: Visit;

  beforeAll(async () => {
    window = await visit(browser, stack.url);
    await window.page.setViewportSize({ width: 390, height: 844 });
  });

  afterAll(() => window.context.close());

  test.each(PAGES)("nothing of $name lies beyond the edge", async ({ path, text }) => {
    const { page, settle } = window;
    await page.goto(stack.url + toPath(path));
    await page.getByText(text).first().waitFor();
    await settle();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });

  test("the pages are a menu", async () => {
    const { page } = window;
    await page.goto(`${stack.url}/breaches`);
    await page.getByRole("button", { name: "Pages" }).click();
    await page.getByRole("link", { name: "Coverage" }).click();
    expect(await sees(page.getByRole("heading", { name: "Coverage" }))).toBe(true);
  });
});
