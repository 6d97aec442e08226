import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readSettings } from "../../commands/settings.ts";
import { hasOption, listCommands, type ProgramName } from "./command-line.ts";
import { ROOT } from "./root.ts";
import { listSettings, listVariables } from "./settings-names.ts";

const PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...globSync("docs/**/*.md", { cwd: ROOT })];
const pages = PAGES.toSorted().map((page) => ({ page, text: read(page) }));
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));
const topFolders = new Set(globSync("*", { cwd: ROOT }).filter((name) => !name.includes(".") && name !== "data"));

describe.each(pages)("$page", ({ page, text }) => {
  test("links to pages and headings that exist", () => {
    expect(listLinks(text).filter((link) => !isLinkGood(page, link))).toEqual([]);
  });

  test("names paths that exist", () => {
    const named = [...withoutFences(text).matchAll(/`([\w.-]+(?:\/[\w.*-]+)*\/?)`/g)].flatMap(([, path]) => path ?? []);
    const paths = named.filter((path) => path.includes("/") && topFolders.has(path.split("/")[0] ?? ""));
    expect(paths.filter((path) => globSync(path, { cwd: ROOT }).length === 0 && !isModule(path))).toEqual([]);
  });

  test("names scripts and commands that exist", () => {
    const commands = listShellCommands(text);
    expect(commands.filter((command) => !isCommandGood(command))).toEqual([]);
  });

  test("names settings that are read", () => {
    const named = new Set([...text.matchAll(/\b(?:THROUGHLINE|CLICKHOUSE)_[A-Z_]+[A-Z]\b/g)].map(([name]) => name));
    expect([...named].filter((name) => !listVariables().has(name))).toEqual([]);
  });
});

describe("docs/reference/configuration.md", () => {
  const text = read("docs/reference/configuration.md");
  const rows = new Map(
    [...text.matchAll(/^\| `([A-Z_]+)` +\| ([^|]+?) +\|/gm)].map(([, name = "", value = ""]) => [name, value]),
  );

  test("lists every setting", () => {
    expect([...rows.keys()].toSorted()).toEqual([...listSettings()].toSorted());
  });

  test("gives the defaults that apply", () => {
    const settings = readSettings({});
    expect(rows.get("THROUGHLINE_API_PORT")).toBe(`\`${settings.apiPort}\``);
    expect(rows.get("THROUGHLINE_GATEWAY_PORT")).toBe(`\`${settings.gatewayPort}\``);
    expect(rows.get("THROUGHLINE_HOST")).toBe(`\`${settings.host}\``);
    expect(rows.get("THROUGHLINE_DATABASE")).toBe(`\`${settings.database}\``);
    expect(rows.get("THROUGHLINE_LOG_LEVEL")).toBe(`\`${settings.logLevel}\``);
    expect(rows.get("THROUGHLINE_CLOCK_ALLOWANCE")).toBe(`\`${settings.clockAllowanceMs / 1000}\``);
    expect(rows.get("THROUGHLINE_ENGINE_MEMORY")).toBe(`\`${settings.engineMemoryBytes / 2 ** 30}\``);
  });

  test("lists every command", () => {
    expect(listCommands().filter((command) => !text.includes(`\`throughline ${command}`))).toEqual([]);
  });
});

test("docs/reference/api.md lists every path of the contract and no other", () => {
  const files = ["api/src/contract.ts", ...globSync("api/src/contract/*-paths.ts", { cwd: ROOT })];
  const contract = files.map(read).join("\n");
  const reading = [...contract.matchAll(/^ {2}"(\/[^"]+)":/gm)].map(([, path]) => `GET /api/v1${path}`);
  const writing = [...contract.matchAll(/^ {2}"(POST|DELETE|PUT|PATCH) (\/[^"]+)":/gm)].map(
    ([, verb, path]) => `${verb} /api/v1${path}`,
  );
  const listed = [...read("docs/reference/api.md").matchAll(/`((?:GET|POST|DELETE|PUT|PATCH) \/api\/v1\/[^`?]+)/g)].map(
    ([, path]) => path,
  );
  expect(reading.length).toBeGreaterThan(10);
  expect(new Set(listed)).toEqual(new Set([...reading, ...writing, "GET /api/v1/stream"]));
  expect(listed.length).toBe(new Set(listed).size);
});

test("docs/reference/api.md gives each error code the status that it has", () => {
  const declared = [...read("schemas/src/error.ts").matchAll(/^ {2}(\w+): (\d{3}),$/gm)].map(
    ([, code, status]) => `${code} ${status}`,
  );
  const listed = [...read("docs/reference/api.md").matchAll(/^\| `(\w+)` +\| (\d{3}) +\|$/gm)].map(
    ([, code, status]) => `${code} ${status}`,
  );
  expect(declared.length).toBeGreaterThan(8);
  expect(
    declared.filter((line) => !listed.includes(line) && !/^(invalid_configuration|store_mismatch) /.test(line)),
  ).toEqual([]);
  expect(listed.filter((line) => !declared.includes(line))).toEqual([]);
});

test("every npm script runs a file that exists", () => {
  const files = Object.values(scripts).flatMap((script) =>
    [...script.matchAll(/node (\S+\.ts)/g)].map(([, file = ""]) => file),
  );
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test("docs/how-to/operate.md names addresses and metrics that the processes serve", () => {
  const text = read("docs/how-to/operate.md");
  const sources = globSync("{api,collector}/src/**/*.ts", { cwd: ROOT }).map(read).join("\n");
  const paths = [...text.matchAll(/`http:\/\/127\.0\.0\.1:\d+(\/\w+)`/g)].map(([, path]) => path);
  expect(paths.length).toBe(6);
  expect(paths.filter((path) => !sources.includes(`"${path}"`))).toEqual([]);
  const metrics = [...text.matchAll(/`throughline_gateway_(\w+)`/g)].map(([, name]) => name);
  expect(metrics.filter((name) => !sources.includes(`"${name}"`))).toEqual([]);
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function withoutFences(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

function listLinks(text: string): string[] {
  return [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => link ?? []);
}

function isLinkGood(page: string, link: string): boolean {
  if (/^https?:/.test(link)) return URL.canParse(link);
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || listAnchors(read(target)).includes(anchor);
}

function listAnchors(text: string): string[] {
  const headings = withoutFences(text).matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** A package's module, as imports name it: without its source folder or extension. */
function isModule(path: string): boolean {
  const [workspace = "", ...rest] = path.split("/");
  return globSync(join(workspace, "src", `${rest.join("/")}{,.ts,.tsx}`), { cwd: ROOT }).length > 0;
}

/** What shell blocks run, and what is named in the text as a command of ours. */
function listShellCommands(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) => block.split(/\n|&&/));
  const inline = [...withoutFences(text).matchAll(/`((?:npm|npx|bin\/throughline|throughline|node) [^`]+)`/g)].map(
    ([, command]) => command ?? "",
  );
  return [...blocks, ...inline].map((command) => command.trim()).filter((command) => command !== "");
}

const OTHER_PROGRAMS = new Set(["git", "docker", "export"]);

function isCommandGood(command: string): boolean {
  const [program = "", first = "", ...rest] = command.split(/\s+/);
  if (program === "npm") return first === "ci" || (first === "run" ? (rest[0] ?? "") in scripts : first in scripts);
  if (program === "npx") return existsSync(join(ROOT, "node_modules/.bin", first)) && rest.every(isPathGood);
  if (program === "node") return existsSync(join(ROOT, first));
  if (program.endsWith("throughline")) return isOwnCommandGood("throughline", first, rest);
  if (program.endsWith("throughline-collector"))
    return isOwnCommandGood("throughline-collector", first, rest) && rest.every(isPathGood);
  return OTHER_PROGRAMS.has(program) || /^[A-Z_]+=/.test(program);
}

function isOwnCommandGood(program: ProgramName, command: string, rest: string[]): boolean {
  if (command === "--help" || command === "--version") return rest.length === 0;
  const options = rest.filter((word) => word.startsWith("--") && word !== "--help");
  return listCommands(program).includes(command) && options.every((option) => hasOption(command, option, program));
}

/** A word that looks like a path is one. */
function isPathGood(word: string): boolean {
  return !word.includes("/") || existsSync(join(ROOT, word));
}
