import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, copyFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { ROOT } from "./root.ts";

const report = z.object({ diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })) });

interface Planted {
  name: string;
  file: string;
  code: string;
  rule: string;
  beside?: Record<string, string>;
}

const DIRECTION = "eslint(no-restricted-imports)";
const value = (from: string) => `import { x } from "${from}";\nexport const y = x;\n`;
const type = (from: string) => `import type { X } from "${from}";\nexport type Y = X;\n`;

const VIOLATIONS: Planted[] = [
  ...["collector/gateway/receive", "api/contract", "ui/pages/overview", "test/simulator/demo", "sdk/client"].map(
    (module) => ({
      name: `schemas imports ${module}`,
      file: `schemas/src/a-${module.replaceAll("/", "-")}.ts`,
      code: value(`@throughline/${module}`),
      rule: DIRECTION,
    }),
  ),
  {
    name: "schemas reaches into api by path",
    file: "schemas/src/b.ts",
    code: value("../../api/src/app.ts"),
    rule: DIRECTION,
  },
  {
    name: "schemas reaches the composition root",
    file: "schemas/src/c.ts",
    code: value("../../main.ts"),
    rule: DIRECTION,
  },
  { name: "collector imports api", file: "collector/src/a.ts", code: value("@throughline/api/app"), rule: DIRECTION },
  {
    name: "collector imports types of api",
    file: "collector/src/b.ts",
    code: type("@throughline/api/contract"),
    rule: DIRECTION,
  },
  {
    name: "collector reaches into api by path",
    file: "collector/src/gateway/c.ts",
    code: value("../../../api/src/app.ts"),
    rule: DIRECTION,
  },
  { name: "collector imports ui", file: "collector/src/d.ts", code: value("@throughline/ui/app"), rule: DIRECTION },
  {
    name: "api imports collector",
    file: "api/src/a.ts",
    code: value("@throughline/collector/gateway/receive"),
    rule: DIRECTION,
  },
  { name: "api reaches a command", file: "api/src/b.ts", code: value("../../commands/serve.ts"), rule: DIRECTION },
  {
    name: "api imports a test",
    file: "api/src/c.ts",
    code: value("@throughline/test/simulator/demo"),
    rule: DIRECTION,
  },
  {
    name: "ui imports collector",
    file: "ui/src/a.ts",
    code: value("@throughline/collector/gateway/receive"),
    rule: DIRECTION,
  },
  {
    name: "ui imports a value of the contract",
    file: "ui/src/b.ts",
    code: value("@throughline/api/contract"),
    rule: DIRECTION,
  },
  {
    name: "ui imports types of another module of api",
    file: "ui/src/c.ts",
    code: type("@throughline/api/queries/legs"),
    rule: DIRECTION,
  },
  {
    name: "ui reaches into api by path",
    file: "ui/src/pages/d.ts",
    code: type("../../../api/src/contract.ts"),
    rule: DIRECTION,
  },
  {
    name: "ui imports the store",
    file: "ui/src/e.ts",
    code: value("@throughline/schemas/clickhouse/store"),
    rule: DIRECTION,
  },
  { name: "ui imports a module of node", file: "ui/src/f.ts", code: value("node:fs"), rule: DIRECTION },
  {
    name: "two modules import one another",
    file: "schemas/src/cycle-a.ts",
    code: 'import { b } from "./cycle-b.ts";\nexport const a = () => b;\n',
    beside: { "schemas/src/cycle-b.ts": 'import { a } from "./cycle-a.ts";\nexport const b = () => a;\n' },
    rule: "import(no-cycle)",
  },
  {
    name: "a cast",
    file: "api/src/cast.ts",
    code: "export const f = (x: unknown) => x as string;\n",
    rule: "typescript(consistent-type-assertions)",
  },
  {
    name: "any",
    file: "api/src/any.ts",
    code: "export const f = (x: any): string => `${x}`;\n",
    rule: "typescript(no-explicit-any)",
  },
  {
    name: "a default export",
    file: "api/src/default.ts",
    code: "export default 1;\n",
    rule: "import(no-default-export)",
  },
  {
    name: "console output",
    file: "api/src/console.ts",
    code: 'console.log("x");\nexport const x = 1;\n',
    rule: "eslint(no-console)",
  },
  {
    name: "four parameters",
    file: "api/src/params.ts",
    code: "export const f = (a: number, b: number, c: number, d: number) => a + b + c + d;\n",
    rule: "eslint(max-params)",
  },
  { name: "a barrel", file: "api/src/barrel.ts", code: 'export * from "./params.ts";\n', rule: "oxc(no-barrel-file)" },
  { name: "a file of 301 lines", file: "api/src/long.ts", code: "export {};\n".repeat(301), rule: "eslint(max-lines)" },
  {
    name: "a function of 61 lines",
    file: "api/src/tall.ts",
    code: `export function f() {\n${"  String(1);\n".repeat(60)}}\n`,
    rule: "eslint(max-lines-per-function)",
  },
  {
    name: "the environment read below the root",
    file: "collector/src/env.ts",
    code: "export const x = process.env.HOME;\n",
    rule: "node(no-process-env)",
  },
  {
    name: "destructured props",
    file: "ui/src/props.tsx",
    code: "export const A = ({ x }: { x: string }) => <p>{x}</p>;\n",
    rule: "solid(no-destructure)",
  },
];

const ALLOWED: Omit<Planted, "rule">[] = [
  { name: "collector and schemas", file: "collector/src/ok.ts", code: value("@throughline/schemas/event") },
  { name: "ui and the types of the contract", file: "ui/src/ok-a.ts", code: type("@throughline/api/contract") },
  { name: "ui and schemas", file: "ui/src/ok-b.ts", code: value("@throughline/schemas/leg") },
  { name: "ui and its own folder named api", file: "ui/src/pages/ok-c.ts", code: value("../data/api.ts") },
  { name: "tests and everything", file: "test/e2e/ok.ts", code: value("@throughline/collector/gateway/receive") },
  { name: "as const", file: "api/src/ok.ts", code: "export const x = [1, 2] as const;\n" },
];

const tree = mkdtempSync(join(tmpdir(), "throughline-lint-"));
const found = new Map<string, string[]>();

beforeAll(async () => {
  copyFileSync(join(ROOT, ".oxlintrc.json"), join(tree, ".oxlintrc.json"));
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  for (const planted of [...VIOLATIONS, ...ALLOWED])
    for (const [file, code] of Object.entries({ [planted.file]: planted.code, ...planted.beside })) plant(file, code);
  const { diagnostics } = report.parse(JSON.parse(await lint()));
  for (const { filename, code = "" } of diagnostics) found.set(filename, [...(found.get(filename) ?? []), code]);
});

afterAll(() => rmSync(tree, { recursive: true }));

test.each(VIOLATIONS)("the linter refuses: $name", ({ file, rule }) => {
  expect(found.get(file)).toContain(rule);
});

test.each(ALLOWED)("the linter allows: $name", ({ file }) => {
  expect(found.get(file) ?? []).toEqual([]);
});

function plant(file: string, code: string) {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), code);
}

function lint(): Promise<string> {
  const binary = join(ROOT, "node_modules/.bin/oxlint");
  return new Promise((done) => {
    execFile(
      binary,
      ["--format=json", "--ignore-pattern=node_modules", "."],
      { cwd: tree, maxBuffer: 1e8 },
      (_error, stdout) => done(stdout),
    );
  });
}
