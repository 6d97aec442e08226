import { z } from "zod";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { Path, YamlFile } from "./yaml-file.ts";

/** Every way in which a file's value differs from a schema, each at the exact key or value. */
export function findSchemaIssues(file: YamlFile, schema: z.ZodType): PackIssue[] {
  const parsed = schema.safeParse(file.value);
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => toPackIssues({ file, schema }, issue, []));
}

interface Checked {
  file: YamlFile;
  schema: z.ZodType;
}

function toPackIssues(checked: Checked, issue: z.core.$ZodIssue, prefix: Path): PackIssue[] {
  const { file, schema } = checked;
  const path = [...prefix, ...issue.path];
  const name = nameOf(path);
  if (issue.code === "unrecognized_keys") {
    const known = listKnownKeys(schema, path);
    return issue.keys.map((key) =>
      file.issueAt([...path, key], `"${key}" is not a key of ${name}`, { at: "key", hint: suggest(key, known) }),
    );
  }
  if (issue.code === "invalid_key")
    return [
      file.issueAt(path, `"${String(path.at(-1))}" ${issue.issues[0]?.message ?? "is not a key here"}`, { at: "key" }),
    ];
  if (issue.code === "invalid_union" && issue.errors.length === 0)
    return [toChoiceIssue(file, path, { values: "options" in issue ? issue.options : [] })];
  if (issue.code === "invalid_union") {
    const closest = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a) || a.length - b.length)[0] ?? [];
    if (closest.some((inner) => inner.path.length > 0))
      return closest.flatMap((inner) => toPackIssues(checked, inner, path));
    return [file.issueAt(path, `${name} must be ${describeUnion(issue)}`)];
  }
  if (valueAt(file.value, path) === undefined)
    return [file.issueAt(path, `"${String(path.at(-1))}" is missing in ${nameOf(path.slice(0, -1))}`)];
  if (issue.code === "invalid_value" && issue.values.length > 1) return [toChoiceIssue(file, path, issue)];
  return [file.issueAt(path, `${name} ${describe(issue)}`)];
}

/** A value that is none of those that are known; of a union, the key that tells its alternatives apart may be missing. */
function toChoiceIssue(file: YamlFile, path: Path, { values }: { values: readonly unknown[] }): PackIssue {
  const known = values.map(String);
  const value = valueAt(file.value, path);
  const choice = `must be one of ${known.join(", ")}`;
  if (value === undefined)
    return file.issueAt(path, `"${String(path.at(-1))}" is missing in ${nameOf(path.slice(0, -1))}: it ${choice}`);
  return file.issueAt(path, `${nameOf(path)} ${choice}`, {
    hint: typeof value === "string" ? suggest(value, known) : undefined,
  });
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && !issue.message.startsWith("Invalid input")) return issue.message;
  if (issue.code === "invalid_type") return `must be ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === "too_small" && issue.origin === "array") return `needs at least ${issue.minimum} of them`;
  if (issue.code === "too_small" && issue.origin === "string") return "must not be empty";
  if (issue.code === "too_small") return `must be at least ${issue.minimum}`;
  if (issue.code === "too_big" && issue.origin === "string") return `must have at most ${issue.maximum} characters`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}`;
  return issue.message;
}

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys and values",
  record: "a map of keys and values",
};

function describeUnion(issue: z.core.$ZodIssueInvalidUnion): string {
  const kinds = issue.errors
    .flat()
    .map((inner) => (inner.code === "invalid_type" ? (KINDS[inner.expected] ?? inner.expected) : inner.message));
  return [...new Set(kinds)].join(" or ");
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

/** What a path is called in a message: its last key, with the index behind it for an entry of a list. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "this file";
  return typeof last === "number" ? `${String(path.at(-2) ?? "entry")}[${last}]` : String(last);
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, part)) return undefined;
    current = Reflect.get(current, part);
  }
  return current;
}

const jsonSchema = z.looseObject({
  $ref: z.string().optional(),
  $defs: z.record(z.string(), z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.unknown().array().optional(),
  oneOf: z.unknown().array().optional(),
});

/** The keys that a schema allows at a path, in the order of the schema. */
function listKnownKeys(schema: z.ZodType, path: Path): string[] {
  const root = jsonSchema.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  let nodes = resolve(root, root);
  for (const part of path) {
    nodes = nodes.flatMap((node) => {
      const child =
        typeof part === "number" ? node.items : (node.properties?.[String(part)] ?? node.additionalProperties);
      return resolve(root, child);
    });
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}

type JsonSchema = z.infer<typeof jsonSchema>;

function resolve(root: JsonSchema, candidate: unknown): JsonSchema[] {
  const parsed = jsonSchema.safeParse(candidate);
  if (!parsed.success) return [];
  const { $ref, oneOf, anyOf = oneOf } = parsed.data;
  if ($ref !== undefined) return resolve(root, root.$defs?.[$ref.replace("#/$defs/", "")]);
  return anyOf === undefined ? [parsed.data] : anyOf.flatMap((entry) => resolve(root, entry));
}
