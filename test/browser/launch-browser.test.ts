import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { launchPackagedBrowser } from "./launch-browser.ts";

const parent = mkdtempSync(join(tmpdir(), "throughline-browser-"));
const folder = join(parent, "browser");

afterAll(() => rmSync(parent, { recursive: true, force: true }));

test("the packaged browser shows a page with text and canvas", { timeout: 120_000 }, async () => {
  const browser = await launchPackagedBrowser(folder);
  const page = await browser.newPage();
  await page.setContent("<h1>Overview</h1><canvas></canvas>");
  expect(await page.textContent("h1")).toBe("Overview");
  expect(await page.locator("h1").evaluate((heading) => heading.getBoundingClientRect().width)).toBeGreaterThan(50);
  expect(await page.evaluate("document.querySelector('canvas').getContext('2d') !== null")).toBe(true);
  await browser.close();
});

test("the packaged browser takes no library from the system but those of the C compiler", () => {
  const listing = execFileSync("ldd", [join(folder, "chromium")], {
    env: { ...process.env, LD_LIBRARY_PATH: join(folder, "al2023", "lib") },
    encoding: "utf8",
  });
  const fromSystem = listing
    .split("\n")
    .filter((line) => line.includes("=>") && !line.includes(folder))
    .flatMap((line) => line.trim().split(" ").slice(0, 1));
  expect(fromSystem.toSorted()).toEqual(["libc.so.6", "libdl.so.2", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0"]);
});
