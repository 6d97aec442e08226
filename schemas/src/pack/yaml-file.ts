import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import type { PackFile, PackIssue } from "./pack-issue.ts";

/** Limits of one file, so that no configuration can exhaust the process that reads it. */
export const FILE_LIMITS = { characters: 1_000_000, aliases: 100 };

const TOO_DEEP = "is nested too deeply";

export type Path = readonly PropertyKey[];

/** A parsed file that knows where each of its values stands. */
export interface YamlFile {
  path: string;
  value: unknown;
  /** What kept it from being read; if any, `value` is undefined. */
  issues: PackIssue[];
  /** An issue at the value at `path`, or at its key; where there is none, at the nearest map or list around it. */
  issueAt: (path: Path, message: string, options?: { hint?: string | undefined; at?: "key" | "value" }) => PackIssue;
}

/** Reads YAML 1.2 with bounded size and bounded aliases. Never throws. */
export function readYamlFile(file: PackFile): YamlFile {
  const lines = new LineCounter();
  const issue = (offset: number, message: string, hint?: string): PackIssue => {
    const { line, col } = lines.linePos(offset);
    const issueHere = { file: file.path, line: Math.max(1, line), column: Math.max(1, col), path: "", message };
    return hint === undefined ? issueHere : { ...issueHere, hint };
  };
  const refuse = (issues: PackIssue[]): YamlFile => ({
    path: file.path,
    value: undefined,
    issues,
    issueAt: (path, message) => ({ ...issue(0, message), path: toPointer(path) }),
  });
  if (file.text.length > FILE_LIMITS.characters)
    return refuse([issue(0, `is longer than ${FILE_LIMITS.characters} characters`)]);
  try {
    const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
    const problems = [...document.errors, ...document.warnings].map((error) => toIssue(error, issue));
    if (problems.some(({ message }) => message.includes("call stack"))) return refuse([issue(0, TOO_DEEP)]);
    if (problems.length > 0) return refuse(problems);
    if (document.contents === null) return refuse([issue(0, "is empty")]);
    const value: unknown = document.toJS({ maxAliasCount: FILE_LIMITS.aliases });
    return {
      path: file.path,
      value,
      issues: [],
      issueAt: (path, message, options = {}) => ({
        ...issue(findOffset(document, path, options.at ?? "value"), message, options.hint),
        path: toPointer(path),
      }),
    };
  } catch (error) {
    return refuse([issue(0, describeFailure(error))]);
  }
}

/** `/legs/2/from` for `["legs", 2, "from"]`. */
export function toPointer(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function toIssue(error: YAMLError, issue: (offset: number, message: string, hint?: string) => PackIssue): PackIssue {
  if (error.code === "DUPLICATE_KEY") return issue(error.pos[0], "this key stands here twice", "keep one of them");
  if (error.code === "MULTIPLE_DOCS")
    return issue(error.pos[0], "holds a second document", "put each into a file of its own");
  if (error.code === "TAB_AS_INDENT") return issue(error.pos[0], "tabs cannot indent YAML", "use spaces");
  return issue(error.pos[0], `is not valid YAML: ${error.message}`);
}

function describeFailure(error: unknown): string {
  if (error instanceof RangeError) return TOO_DEEP;
  if (error instanceof ReferenceError && error.message.startsWith("Excessive"))
    return `uses its anchors more than ${FILE_LIMITS.aliases} times over`;
  return `is not valid YAML: ${error instanceof Error ? error.message : String(error)}`;
}

function findOffset(document: Document.Parsed, path: Path, at: "key" | "value"): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  for (const [index, part] of path.entries()) {
    const step = stepInto(isAlias(node) ? node.resolve(document) : node, part);
    if (step === undefined) return offset;
    const wantsKey = at === "key" && index === path.length - 1;
    offset = (wantsKey ? step.keyOffset : offsetOf(step.node)) ?? step.keyOffset ?? offset;
    node = step.node;
  }
  return offset;
}

function stepInto(node: unknown, part: PropertyKey): { node: unknown; keyOffset: number | undefined } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? undefined : { node: item, keyOffset: offsetOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = findPair(node, String(part));
  return pair === undefined ? undefined : { node: pair.value, keyOffset: offsetOf(pair.key) };
}

function findPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key)) === key);
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}
