import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkPack } from "./check.ts";
import { loadPack, readPackDirectory } from "./pack-files.ts";

const CONFIG = join(import.meta.dirname, "../config");

describe("throughline check", () => {
  let directory = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "throughline-pack-"));
    mkdirSync(join(directory, "flows"));
    mkdirSync(join(directory, ".hidden"));
    writeFileSync(join(directory, ".hidden", "x.yaml"), "a: 1");
    writeFileSync(join(directory, "README.md"), "not part of the pack");
    writeFileSync(join(directory, "objects.yaml"), "objects:\n  - { type: order, titel: Order }\n");
    writeFileSync(join(directory, "flows", "a.yaml"), "id: a\nid: b\n");
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test("says what the shipped configuration contains", () => {
    const { output, exitCode } = checkPack(CONFIG, { json: false });
    expect(exitCode).toBe(0);
    expect(output).toMatch(
      /is valid: 10 flows, \d+ object types, \d+ source rules, 10 interfaces\.\n {2}contract-price-sync {2}/,
    );
    expect(JSON.parse(checkPack(CONFIG, { json: true }).output)).toMatchObject({
      ok: true,
      flows: [{ id: "contract-price-sync", anchor: "contract_price" }, ...Array.from({ length: 9 }, () => ({}))],
    });
  });

  test("lists every problem with its place, and fails", () => {
    const { output, exitCode } = checkPack(directory, { json: false });
    expect(exitCode).toBe(1);
    expect(output.split("\n")).toEqual([
      `${join(directory, "flows/a.yaml")}:2:1: this key stands here twice (keep one of them)`,
      `${join(directory, "objects.yaml")}:2:5: "title" is missing in objects[0]`,
      `${join(directory, "objects.yaml")}:2:20: "titel" is not a key of objects[0] (did you mean "title"?)`,
      `${directory} has 3 problems and cannot be loaded.`,
    ]);
    expect(JSON.parse(checkPack(directory, { json: true }).output)).toMatchObject({
      ok: false,
      issues: [{ line: 2, column: 1 }, {}, {}],
    });
  });

  test("is what a tower asks before it loads anything", () => {
    expect(() => loadPack(directory)).toThrow(/has 3 problems:\n.*a\.yaml:2:1/);
    expect(() => loadPack(join(directory, "none"))).toThrow("There is no directory");
    expect(loadPack(CONFIG).flows.size).toBe(10);
  });

  test("reads only the YAML files of the directory and its folders", () => {
    expect(readPackDirectory(directory).map(({ path }) => path)).toEqual([
      join(directory, "flows/a.yaml"),
      join(directory, "objects.yaml"),
    ]);
  });
});
