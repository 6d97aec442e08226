import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLocalFiles } from "./local-files.ts";
import { createFileScanner } from "./scan-files.ts";
import { createSourceParts } from "./source.fixture.ts";

const MINUTE_MS = 60_000;
let own: ReturnType<typeof createSourceParts>;
let nowMs: number;

beforeEach(() => {
  own = createSourceParts();
  nowMs = Date.UTC(2026, 2, 2);
});
afterEach(() => own.remove());

function createScan() {
  const scan = createFileScanner({ pattern: "*.csv", stableFor: "PT5M" }, { ...own.parts, now: () => nowMs });
  return () => scan(createLocalFiles({ path: own.folder }), new AbortController().signal);
}

test("a file that grows for an hour is read once, whole, when it has stopped to grow", async () => {
  const scan = createScan();
  const path = join(own.folder, "growing.csv");
  writeFileSync(path, "item,on_hand\n");
  for (let minute = 0; minute < 60; minute++) {
    appendFileSync(path, `item-${minute},${minute}\n`);
    expect(await scan()).toBe(false);
    nowMs += MINUTE_MS;
  }
  expect(own.taken).toEqual([]);
  nowMs += 5 * MINUTE_MS;
  expect(await scan()).toBe(true);
  expect(own.taken.map(({ text }) => text.split("\n").length)).toEqual([62]);
  nowMs += 60 * MINUTE_MS;
  await scan();
  expect(own.taken.length).toBe(1);
});

test("a file that is renamed is not read again; one that is written again is", async () => {
  const scan = createScan();
  const settle = async () => {
    await scan();
    nowMs += 5 * MINUTE_MS;
    await scan();
  };
  writeFileSync(join(own.folder, "a.csv"), "item\n1\n");
  await settle();
  renameSync(join(own.folder, "a.csv"), join(own.folder, "b.csv"));
  await settle();
  expect(own.taken.length).toBe(1);
  writeFileSync(join(own.folder, "b.csv"), "item\n1\n2\n");
  await settle();
  expect(own.taken.map(({ text }) => text)).toEqual(["item\n1\n", "item\n1\n2\n"]);
});
