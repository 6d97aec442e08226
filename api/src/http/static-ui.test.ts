import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { afterAll, expect, test } from "vitest";
import { serveUi } from "./static-ui.ts";

const folder = mkdtempSync(join(tmpdir(), "throughline-ui-"));
mkdirSync(join(folder, "dist/assets"), { recursive: true });
writeFileSync(join(folder, "secret.txt"), "secret");
writeFileSync(join(folder, "dist/index.html"), "<page>");
writeFileSync(join(folder, "dist/.hidden"), "hidden");
writeFileSync(join(folder, "dist/assets/index-B4tSc0d3.js"), "script");
writeFileSync(join(folder, "dist/assets/index-B4tSc0d3.js.br"), "small");
afterAll(() => rmSync(folder, { recursive: true }));

const app = new Hono().use(serveUi(join(folder, "dist")));

test("serves the page for every path of the pages", async () => {
  for (const path of ["/", "/breaches", "/journeys/purchase_order_line/45%2F10"]) {
    const response = await app.request(path);
    expect([await response.text(), response.headers.get("cache-control")]).toEqual(["<page>", "no-cache"]);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  }
});

test("lets browsers keep what is named by its content, and sends it small to who takes it", async () => {
  const plain = await app.request("/assets/index-B4tSc0d3.js");
  expect([await plain.text(), plain.headers.get("cache-control")]).toEqual([
    "script",
    "public, max-age=31536000, immutable",
  ]);
  const small = await app.request("/assets/index-B4tSc0d3.js", { headers: { "accept-encoding": "gzip, br" } });
  expect([await small.text(), small.headers.get("content-encoding"), small.headers.get("vary")]).toEqual([
    "small",
    "br",
    "Accept-Encoding",
  ]);
});

test("says that a file is not there rather than to show the page", async () => {
  expect((await app.request("/assets/old-12345678.js")).status).toBe(404);
});

test("shows the page for an id with a dot in it, when a person goes there", async () => {
  const response = await app.request("/journeys/lot/L.77", { headers: { accept: "text/html,*/*" } });
  expect(await response.text()).toBe("<page>");
});

test("leads out of its folder for nobody", async () => {
  for (const path of [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/.hidden",
    "/%00.txt",
    "/%ff.txt",
  ]) {
    const response = await app.request(path);
    expect([path, (await response.text()).includes("secret")]).toEqual([path, false]);
    expect([path, response.status]).toEqual([path, 404]);
  }
});
