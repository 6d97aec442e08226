import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.ts";

const DECLARED = /^ {2}((?:THROUGHLINE|CLICKHOUSE)_[A-Z_]+):/gm;

/** The environment variables that the commands read. */
export function listSettings(): Set<string> {
  const source = readFileSync(join(ROOT, "commands/settings.ts"), "utf8");
  return new Set([...source.matchAll(DECLARED)].flatMap(([, name]) => name ?? []));
}

/** Those, and the ones that stand for an option of a single command. */
export function listVariables(): Set<string> {
  const sources = globSync("commands/*.ts", { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), "utf8"));
  const ofOptions = sources.flatMap((source) =>
    [...source.matchAll(/\.env\("(\w+)"\)/g)].flatMap(([, name]) => name ?? []),
  );
  const tests = globSync("{api,collector,schemas,sdk,test,ui}/**/*.test.ts", {
    cwd: ROOT,
    exclude: ["**/node_modules/**"],
  });
  const ofTests = tests.flatMap((file) =>
    [...readFileSync(join(ROOT, file), "utf8").matchAll(/process\.env\["(\w+)"\]/g)].flatMap(([, name]) => name ?? []),
  );
  return listSettings().union(new Set([...ofOptions, ...ofTests]));
}
