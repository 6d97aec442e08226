import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startTower, type Tower } from "./tower.fixture.ts";

const GOLDEN = join(import.meta.dirname, "../openapi.json");
let tower: Tower;

beforeAll(async () => {
  tower = await startTower();
});

afterAll(() => tower.close());

const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.record(z.string(), z.unknown()) }))),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

test("is described as the golden description says; UPDATE_GOLDEN=1 writes it anew", async () => {
  const text = `${JSON.stringify(await tower.get("/openapi.json"), undefined, 2)}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(GOLDEN, text);
  expect(text).toBe(readFileSync(GOLDEN, "utf8"));
});

test("describes an answer and the problems of every route, with valid references and patterns", async () => {
  const described = await tower.get("/openapi.json");
  const { paths, components } = document.parse(described);
  for (const [path, methods] of Object.entries(paths))
    for (const { responses } of Object.values(methods))
      expect([path, Object.keys(responses)]).toEqual([path, expect.arrayContaining(["400", "401", "503"])]);
  const text = JSON.stringify(described);
  const references = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name ?? "");
  expect(references.filter((name) => !(name in components.schemas))).toEqual([]);
  const patterns = [...text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(([, pattern]) =>
    z.string().parse(JSON.parse(pattern ?? '""')),
  );
  for (const pattern of patterns)
    expect([pattern, pattern.endsWith("/u"), new RegExp(pattern, "u").source !== ""]).toEqual([pattern, false, true]);
});
