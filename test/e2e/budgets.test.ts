import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../browser/launch-browser.ts";
import { type Stack, startStack } from "./stack.ts";
import { visit } from "./visit.ts";

const DIST = join(import.meta.dirname, "../../ui/dist");
const FIRST_LOAD_MOST_BYTES = 250_000;
const INTERACTIVE_MOST_MS = 2000;
const SLOWDOWN = 4;
/** The fastest turn counts, since other tests use the same processors. */
const TURNS = 4;
const STRICT = "default-src 'self'";
const WATCH_SHIFTS = `globalThis.shifts = []; new PerformanceObserver((list) => {
  for (const { value } of list.getEntries()) shifts.push(value);
}).observe({ type: "layout-shift", buffered: true })`;
const WATCH_VIOLATIONS = `globalThis.violations = []; document.addEventListener("securitypolicyviolation", (event) =>
  violations.push(event.violatedDirective + " " + event.sourceFile + ":" + event.lineNumber))`;
const WHEN_IDLE = "new Promise((done) => requestIdleCallback(() => done(performance.now())))";

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await stack.close();
});

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
  assets?: string[];
}

/** The files of a chunk with all that it imports at once. */
function listFiles(manifest: Record<string, Chunk>, entry: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[entry];
  if (chunk === undefined || seen.has(chunk.file)) return seen;
  for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) seen.add(file);
  for (const name of chunk.imports ?? []) listFiles(manifest, name, seen);
  return seen;
}

test("the first load of the overview, fonts included, keeps to 250 KB in gzip, and the charts' engine is not part of it", () => {
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));
  const files = listFiles(manifest, "index.html");
  listFiles(manifest, "src/pages/overview/overview-page.tsx", files);
  const sizes = [...files, "index.html", "theme.js"].map(
    (file) => gzipSync(readFileSync(join(DIST, file)), { level: 6 }).length,
  );
  const engine = Object.entries(manifest).find(([name]) => name.endsWith("charts/engine.ts"))?.[1].file;
  expect(engine).toBeDefined();
  expect(files).not.toContain(engine);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(FIRST_LOAD_MOST_BYTES);
});

test("on a processor four times slower the overview can be used within two seconds, and nothing moves while it loads", async () => {
  const { page, context } = await visit(browser, stack.url);
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await page.addInitScript({ content: WATCH_SHIFTS });
  const interactive: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    await page.goto(`${stack.url}/?range=3d`);
    await page.getByRole("heading", { level: 1, name: /legs are late/ }).waitFor();
    interactive.push(await page.evaluate(WHEN_IDLE));
  }
  await page.locator("canvas").waitFor();
  const shifted: number = await page.evaluate("shifts.reduce((sum, value) => sum + value, 0)");
  expect(Math.min(...interactive)).toBeLessThanOrEqual(INTERACTIVE_MOST_MS);
  expect(shifted).toBeLessThanOrEqual(0.02);
  await context.close();
});

test("every page works under the strictest policy of content, without a word to anyone else", async () => {
  const { page, context, foreignRequests, faults, settle } = await visit(browser, stack.url);
  await page.route("**/*", async (route) => {
    if (route.request().resourceType() !== "document") return route.fallback();
    const response = await route.fetch();
    return route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": STRICT } });
  });
  await page.addInitScript({ content: WATCH_VIOLATIONS });
  await page.goto(`${stack.url}/?range=3d`);
  await page.locator("canvas").waitFor();
  await page.keyboard.press("t");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  for (const [path, text] of [
    ["/breaches?range=3d", /^\d+ legs/],
    ["/flows/procure-to-pay?range=3d", /Legs by the hour/],
    ["/coverage", /^\d+ feeds/],
  ] as const) {
    expect(await page.evaluate("violations")).toEqual([]);
    await page.goto(stack.url + path);
    await page.getByText(text).first().waitFor();
    await settle();
  }
  expect(await page.evaluate("violations")).toEqual([]);
  expect({ foreignRequests, faults }).toEqual({ foreignRequests: [], faults: [] });
  await context.close();
});
