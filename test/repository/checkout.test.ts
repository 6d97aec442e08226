import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { ROOT } from "./root.ts";

const ROOMS = ["schemas", "sdk", "collector", "api", "ui", "commands", "config", "test", "docs", "docker"];
const isRepository = existsSync(join(ROOT, ".git"));

const lockFile = z.object({
  packages: z.record(z.string(), z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() })),
});

test.skipIf(!isRepository)("no file of the project is ignored by git (skipped where there is no repository)", () => {
  const options = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "--", ...ROOMS];
  const ignored = execFileSync("git", options, { cwd: ROOT, encoding: "utf8" }).split("\n");
  expect(ignored.filter((path) => path !== "" && !/(^|\/)(node_modules|dist)\//.test(path))).toEqual([]);
});

test("the lock names the packages of every platform, without which `npm ci` refuses it", () => {
  const { packages } = lockFile.parse(JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")));
  const locked = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + 13)));
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  expect(wanted.length).toBeGreaterThan(50);
  expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
});
