import { z } from "zod";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

const optionalText = z.string().optional().catch(undefined);
const sideDraft = z
  .object({
    events: z.array(z.looseObject({ type: optionalText }).nullable().catch(null)).catch([]),
    isLevel: z.boolean().optional().catch(undefined),
  })
  .nullable()
  .optional()
  .catch(null);
const draft = z.object({
  reconciliations: z
    .object({
      id: optionalText,
      key: z.array(optionalText).catch([]),
      a: sideDraft,
      b: sideDraft,
      measure: z.object({ kind: optionalText, name: optionalText }).nullable().optional().catch(null),
    })
    .nullable()
    .catch(null)
    .array()
    .catch([]),
});
type Draft = NonNullable<z.infer<typeof draft>["reconciliations"][number]>;

/** Each has an id of its own and a key that begins with a known object, and its sides hold different events. */
export function checkReconciliations(file: YamlFile, objectTypes: readonly string[]): PackIssue[] {
  const parsed = draft.safeParse(file.value);
  if (!parsed.success) return [];
  const seen = new Set<string>();
  return parsed.data.reconciliations.flatMap((entry, index) => {
    if (entry === null) return [];
    const issues = [
      ...checkKey(file, { entry, index, objectTypes }),
      ...checkSides(file, entry, index),
      ...checkMeasure(file, entry, index),
    ];
    if (entry.id === undefined) return issues;
    if (seen.has(entry.id))
      issues.push(file.issueAt(["reconciliations", index, "id"], `another reconciliation is called "${entry.id}"`));
    seen.add(entry.id);
    return issues;
  });
}

function checkKey(
  file: YamlFile,
  { entry, index, objectTypes }: { entry: Draft; index: number; objectTypes: readonly string[] },
): PackIssue[] {
  const path = ["reconciliations", index, "key"];
  const unknown = entry.key.flatMap((part, position) => {
    const type = part?.startsWith("object.") ? part.slice("object.".length) : undefined;
    // Without any readable declaration every type would be reported, and hide what is wrong.
    if (type === undefined || objectTypes.length === 0 || objectTypes.includes(type)) return [];
    const hint = suggest(type, objectTypes);
    return [file.issueAt([...path, position], `no object type "${type}" is declared`, { hint })];
  });
  const [first] = entry.key;
  if (first === undefined || first.startsWith("object.")) return unknown;
  const hint = "events are found by the objects that they name: begin with object.<type>";
  return [file.issueAt([...path, 0], "a key begins with an object", { hint }), ...unknown];
}

function checkSides(file: YamlFile, { a, b, measure }: Draft, index: number): PackIssue[] {
  const path = ["reconciliations", index];
  if (!a || !b) return [];
  const events = new Set(a.events.map((event) => JSON.stringify(event)));
  const shared = b.events.flatMap((event, position) =>
    event !== null && events.has(JSON.stringify(event))
      ? [file.issueAt([...path, "b", "events", position], "stands on both sides, and would always agree with itself")]
      : [],
  );
  if (a.isLevel)
    shared.push(
      file.issueAt([...path, "a", "isLevel"], "only side b can be a level", {
        hint: "put what came and went on side a, and the count on side b",
      }),
    );
  if (b.isLevel && measure && measure.kind !== "quantity")
    shared.push(file.issueAt([...path, "b", "isLevel"], "only quantities have a level"));
  return shared;
}

function checkMeasure(file: YamlFile, { measure }: Draft, index: number): PackIssue[] {
  if (measure?.kind !== "count" || measure.name === undefined) return [];
  return [file.issueAt(["reconciliations", index, "measure", "name"], "events that are counted need no measure")];
}
