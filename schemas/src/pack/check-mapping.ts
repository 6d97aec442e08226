import { z } from "zod";
import { canonicalize } from "./canonical.ts";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

const ruleDraft = z
  .object({
    activity: z.union([z.string(), z.string().array()]).optional().catch(undefined),
    where: z.unknown().optional(),
    objects: z.object({ type: z.string() }).nullable().catch(null).array().catch([]),
    reverses: z
      .object({ object: z.object({ type: z.string() }) })
      .optional()
      .catch(undefined),
  })
  .catch({ activity: undefined, where: undefined, objects: [], reverses: undefined });

const draft = z
  .object({
    objects: z.object({ type: z.string() }).nullable().catch(null).array().catch([]),
    objectTypes: z.record(z.string(), z.unknown()).catch({}),
    events: ruleDraft.array().catch([]),
  })
  .catch({ objects: [], objectTypes: {}, events: [] });

type Draft = z.infer<typeof draft>;

/** Rules of an import mapping: none hides another, and every object type is declared. */
export function checkImportMapping(file: YamlFile, objectTypes: readonly string[]): PackIssue[] {
  const mapping = draft.parse(file.value);
  const undeclared = objectTypes.length === 0 ? [] : checkTypes(file, mapping, objectTypes);
  return [...checkHiddenRules(file, mapping), ...undeclared];
}

function checkHiddenRules(file: YamlFile, mapping: Draft): PackIssue[] {
  const always = new Map<string, number>();
  const seen = new Set<string>();
  return mapping.events.flatMap((rule, index) =>
    [rule.activity ?? []].flat().flatMap((activity) => {
      const earlier = always.get(activity);
      const key = canonicalize([activity, rule.where ?? null]);
      const isHidden = earlier !== undefined || seen.has(key);
      seen.add(key);
      if (rule.where === undefined && earlier === undefined) always.set(activity, index);
      if (!isHidden) return [];
      const message = `no record reaches this rule for "${activity}": an earlier one always fits`;
      return [file.issueAt(["events", index, "activity"], message, { hint: "put the rules with `where` first" })];
    }),
  );
}

function checkTypes(file: YamlFile, mapping: Draft, objectTypes: readonly string[]): PackIssue[] {
  const named = [
    ...mapping.objects.map((entry, index) => ({ path: ["objects", index, "type"], type: entry?.type })),
    ...Object.entries(mapping.objectTypes).flatMap(([name, types]) =>
      Array.isArray(types)
        ? types.map((type: unknown, index) => ({ path: ["objectTypes", name, index], type }))
        : [{ path: ["objectTypes", name], type: types }],
    ),
    ...mapping.events.flatMap((rule, index) => [
      ...rule.objects.map((entry, position) => ({
        path: ["events", index, "objects", position, "type"],
        type: entry?.type,
      })),
      { path: ["events", index, "reverses", "object", "type"], type: rule.reverses?.object.type },
    ]),
  ];
  return named.flatMap(({ path, type }) => {
    if (typeof type !== "string" || objectTypes.includes(type)) return [];
    const hint = suggest(type, objectTypes) ?? "declare it in objects.yaml";
    return [file.issueAt(path, `"${type}" is not an object type that objects.yaml declares`, { hint })];
  });
}
