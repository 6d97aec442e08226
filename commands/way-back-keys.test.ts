import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEnvelope, parseSigningKeys, signEnvelope } from "@throughline/schemas/way-back/dsse";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addTrustCommand, openWayBackKeys, toWayBackKeyPath } from "./way-back-keys.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "throughline-keys-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function run(...options: string[]): string {
  let written = "";
  const program = new Command();
  addTrustCommand(program, { dataDirectory: () => directory, write: (text) => (written += text) });
  program.parse(["trust", ...options], { from: "user" });
  return written;
}

test("keys are changed without an hour in which an edge trusts none of them", () => {
  const trusted = parseSigningKeys(run(), "public");
  expect(parseSigningKeys(run(), "public")).toEqual(trusted);
  const both = parseSigningKeys(run("--add"), "public");
  expect(both).toHaveLength(2);
  const meanwhile = signEnvelope("{}", openWayBackKeys(directory));
  expect(openEnvelope(meanwhile, trusted)).toBe("{}");
  run("--remove", trusted[0]?.keyid ?? "");
  const after = signEnvelope("{}", openWayBackKeys(directory));
  expect(openEnvelope(after, trusted)).toBeUndefined();
  expect(openEnvelope(after, both)).toBe("{}");
});

test("the only key stays, an unknown one is said, and a key that others may read is refused", () => {
  const [only] = parseSigningKeys(run(), "public");
  expect(() => run("--remove", only?.keyid ?? "")).toThrow("It is the only key");
  expect(() => run("--remove", "0000")).toThrow("There is no key 0000");
  chmodSync(toWayBackKeyPath(directory), 0o644);
  expect(() => run()).toThrow("Others may read the key file");
});
