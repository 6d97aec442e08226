import { z } from "zod";
import { findCrosswalkConflicts } from "../crosswalk-conflicts.ts";
import { crosswalkEntry } from "../crosswalk-entry.ts";
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
const crosswalkDraft = z.object({ entries: crosswalkEntry.nullable().catch(null).array() });

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
  const entries = draft.data.entries.map((entry, index) => ({ entry, index })).filter(({ entry }) => entry !== null);
  const claims = entries.flatMap(({ entry }) => (entry === null ? [] : [{ crosswalk: "", ...entry }]));
  return findCrosswalkConflicts(claims, []).map(({ index, message }) =>
    file.issueAt(["entries", entries[index]?.index ?? 0], message),
  );
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
