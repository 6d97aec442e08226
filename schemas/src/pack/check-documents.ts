import { z } from "zod";
import { crosswalk } from "./crosswalk.ts";
import { documentMapping } from "./document-mapping.ts";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import { findSchemaIssues } from "./schema-issues.ts";
import type { YamlFile } from "./yaml-file.ts";

const typed = z.object({ type: z.string() }).nullable().catch(null);
const named = z.object({ name: z.string() }).nullable().catch(null);
const mappingDraft = z
  .object({
    objects: typed.array().catch([]),
    events: z
      .object({ objects: typed.array().catch([]) })
      .catch({ objects: [] })
      .array()
      .catch([]),
  })
  .catch({ objects: [], events: [] });
const entryDraft = z.object({
  from: z.string(),
  effectiveFrom: z.string().default("0000"),
  effectiveTo: z.string().default("9999"),
});
const crosswalkDraft = z.object({ entries: entryDraft.nullable().catch(null).array() });

/** All that is wrong with the files that say what native documents mean. Without object types any are taken. */
export function checkDocumentFiles(files: {
  documents: readonly YamlFile[];
  crosswalks: readonly YamlFile[];
  objectTypes: readonly string[];
}): PackIssue[] {
  const readable = (file: YamlFile) => file.issues.length === 0;
  return [
    ...files.documents
      .filter(readable)
      .flatMap((file) => findSchemaIssues(file, documentMapping).concat(checkMapping(file, files.objectTypes))),
    ...files.crosswalks
      .filter(readable)
      .flatMap((file) => findSchemaIssues(file, crosswalk).concat(checkCrosswalk(file))),
    ...checkUniqueNames(files.documents, "document mapping"),
    ...checkUniqueNames(files.crosswalks, "crosswalk"),
  ];
}

/** Every object type that the mapping of a document names is declared. */
function checkMapping(file: YamlFile, objectTypes: readonly string[]): PackIssue[] {
  if (objectTypes.length === 0) return [];
  const draft = mappingDraft.parse(file.value);
  const all = [
    ...draft.objects.map((entry, index) => ({ path: ["objects", index, "type"], type: entry?.type })),
    ...draft.events.flatMap((rule, index) =>
      rule.objects.map((entry, position) => ({
        path: ["events", index, "objects", position, "type"],
        type: entry?.type,
      })),
    ),
  ];
  return all.flatMap(({ path, type }) => {
    if (type === undefined || objectTypes.includes(type)) return [];
    const hint = suggest(type, objectTypes) ?? "declare it in objects.yaml";
    return [file.issueAt(path, `"${type}" is not an object type that objects.yaml declares`, { hint })];
  });
}

/** Of one value no two translations hold on the same day. */
function checkCrosswalk(file: YamlFile): PackIssue[] {
  const draft = crosswalkDraft.safeParse(file.value);
  if (!draft.success) return [];
  const byValue = new Map<string, { index: number; from: string; to: string }[]>();
  draft.data.entries.forEach((entry, index) => {
    if (entry === null) return;
    const held = byValue.get(entry.from) ?? [];
    held.push({ index, from: entry.effectiveFrom, to: entry.effectiveTo });
    byValue.set(entry.from, held);
  });
  return [...byValue.entries()].flatMap(([value, entries]) => {
    const sorted = entries.toSorted((a, b) => (a.from < b.from ? -1 : 1));
    return sorted.flatMap((entry, at) => {
      const before = sorted[at - 1];
      if (entry.to < entry.from) return [file.issueAt(["entries", entry.index], `"${value}" ends before it begins`)];
      if (before === undefined || before.to < entry.from) return [];
      return [file.issueAt(["entries", entry.index], `"${value}" has another translation on ${entry.from}`)];
    });
  });
}

/** Names are unique over all files of a kind. */
function checkUniqueNames(files: readonly YamlFile[], noun: string): PackIssue[] {
  const first = new Map<string, string>();
  return files.flatMap((file) => {
    const name = named.parse(file.value)?.name;
    if (name === undefined) return [];
    const other = first.get(name);
    first.set(name, other ?? file.path);
    return other === undefined
      ? []
      : [file.issueAt(["name"], `the ${noun} "${name}" is already described in ${other}`)];
  });
}
