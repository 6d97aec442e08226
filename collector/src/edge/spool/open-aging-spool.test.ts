import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAgingSpool } from "./open-aging-spool.ts";
import { visitSegments } from "./scan-segments.ts";
import { makeTestFolder, SECRET, toDraft } from "./spool.fixture.ts";

const DAY_MS = 86_400_000;
let folder: string;
let remove: () => void;
let at: number;

beforeEach(() => {
  ({ folder, remove } = makeTestFolder());
  at = Date.now();
});
afterEach(() => remove());

const open = (maxBytes = 1_000_000) =>
  openAgingSpool({ directory: folder, secret: SECRET, maxBytes, maxAgeMs: 20 * DAY_MS, now: () => at });
const listSegments = () => readdirSync(folder).filter((name) => name.endsWith(".segment"));
const age = (name: string, days: number) => {
  const seconds = (at - days * DAY_MS) / 1000;
  utimesSync(join(folder, name), seconds, seconds);
};
const readIds = async () => {
  const ids: string[] = [];
  await visitSegments(folder, SECRET, ({ content }) => void ids.push(...content.entries));
  return ids.map((text) => /"id":"([^"]+)"/.exec(text)?.[1]);
};

test("what is written a twentieth of the age later goes into another segment, and each goes when it is old", async () => {
  const first = await open();
  await first.append([toDraft("old")]);
  at += DAY_MS;
  await first.append([toDraft("young")]);
  await first.close();
  const [oldest = "", ...others] = listSegments().toSorted();
  expect(others).toHaveLength(1);
  age(oldest, 17);
  await (await open()).close();
  expect(await readIds()).toEqual(["old", "young"]);
  age(oldest, 18.1);
  const again = await open();
  expect(await readIds()).toEqual(["young"]);
  expect(again.state()).toMatchObject({ waitingEntries: 1, dropped: 1 });
  await again.append([toDraft("new")]);
  expect(await readIds()).toEqual(["young", "new"]);
  await again.close();
});

test("the oldest give way at the bound in bytes", async () => {
  const spool = await open(20_000);
  for (let id = 0; id < 100; id++) await spool.append([toDraft(`${id}-${"x".repeat(900)}`)]);
  expect(spool.state().sizeBytes).toBeLessThanOrEqual(20_000);
  const ids = await readIds();
  expect(ids.at(-1)).toMatch(/^99-/);
  expect(ids.length).toBe(spool.state().waitingEntries);
  await spool.close();
});

test("a folder that is not there holds nothing", async () => {
  await visitSegments(join(folder, "none"), SECRET, () => expect.unreachable());
});
