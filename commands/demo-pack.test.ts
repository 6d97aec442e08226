import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareDemoPack } from "./demo-pack.ts";
import { loadPack } from "./pack-files.ts";

const SHIPPED = join(import.meta.dirname, "../config");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "throughline-demo-pack-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const listWatermarks = (pack: string) => loadPack(pack).sources.map(({ source, watermark }) => [source, watermark]);

test("a demo goes by what its simulated systems say of themselves, and by the pack for all others", () => {
  const own = listWatermarks(SHIPPED);
  const demo = listWatermarks(prepareDemoPack(SHIPPED, join(folder, "demo")));
  expect(demo.slice(-own.length)).toEqual(own);
  expect(demo.slice(0, -own.length)).toContainEqual(["/edi/*", "heartbeat"]);
  expect(listWatermarks(prepareDemoPack(SHIPPED, join(folder, "demo")))).toEqual(demo);
});

test("a rule that a pack has of its own for a simulated system stays, and is alone", () => {
  const pack = join(folder, "pack");
  cpSync(SHIPPED, pack, { recursive: true });
  const text = readFileSync(join(pack, "sources.yaml"), "utf8");
  writeFileSync(
    join(pack, "sources.yaml"),
    text.replace(/^sources:$/m, 'sources:\n  - { source: "/edi/*", watermark: sequence }'),
  );
  const demo = listWatermarks(prepareDemoPack(pack, join(folder, "demo")));
  expect(demo.filter(([source]) => source === "/edi/*")).toEqual([["/edi/*", "sequence"]]);
});
