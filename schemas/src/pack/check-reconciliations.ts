import { z } from "zod";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

/** Stands for all sites together. */
const WHOLE = "group";

const optionalText = z.string().optional().catch(undefined);
const sideDraft = z
  .object({
    events: z.array(z.looseObject({ type: optionalText }).nullable().catch(null)).catch([]),
    isLevel: z.boolean().optional().catch(undefined),
  })
  .nullable()
  .optional()
  .catch(null);
const closingDraft = z.object({ calendar: optionalText }).optional().catch(undefined);
const draft = z.object({
  books: z
    .object({
      closing: closingDraft,
      companies: z
        .array(
          z
            .object({ id: optionalText, sites: z.array(optionalText).catch([]), closing: closingDraft })
            .nullable()
            .catch(null),
        )
        .catch([]),
    })
    .catch({ closing: undefined, companies: [] }),
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

/**
 * Each has an id of its own and a key that begins with a known object, and its sides hold different events. Companies have ids
 * and sites of their own, and close by known calendars.
 */
export function checkReconciliations(
  file: YamlFile,
  { objectTypes, calendarIds }: { objectTypes: readonly string[]; calendarIds: readonly string[] },
): PackIssue[] {
  const parsed = draft.safeParse(file.value);
  if (!parsed.success) return [];
  return [...checkBooks(file, parsed.data.books, calendarIds), ...checkEntries(file, parsed.data, objectTypes)];
}

function checkBooks(
  file: YamlFile,
  { closing, companies }: z.infer<typeof draft>["books"],
  calendarIds: readonly string[],
): PackIssue[] {
  const seen = new Set<string>([WHOLE]);
  const owned = new Set<string>();
  const checkCalendar = (given: typeof closing, path: (string | number)[]) => {
    const { calendar } = given ?? {};
    if (calendar === undefined || calendarIds.includes(calendar)) return [];
    const hint = suggest(calendar, calendarIds);
    return [file.issueAt([...path, "closing", "calendar"], `no calendar "${calendar}" is declared`, { hint })];
  };
  return [
    ...checkCalendar(closing, ["books"]),
    ...companies.flatMap((company, index) => {
      if (company === null) return [];
      const path = ["books", "companies", index];
      const issues = checkCalendar(company.closing, path);
      company.sites.forEach((site, position) => {
        if (site === undefined) return;
        if (owned.has(site))
          issues.push(
            file.issueAt([...path, "sites", position], `"${site}" is a site of another company, or of this one twice`),
          );
        owned.add(site);
      });
      if (company.id === undefined) return issues;
      if (seen.has(company.id))
        issues.push(file.issueAt([...path, "id"], `"${company.id}" is the name of another company, or of the whole`));
      seen.add(company.id);
      return issues;
    }),
  ];
}

function checkEntries(
  file: YamlFile,
  { reconciliations }: z.infer<typeof draft>,
  objectTypes: readonly string[],
): PackIssue[] {
  const seen = new Set<string>();
  return reconciliations.flatMap((entry, index) => {
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
