import { z } from "zod";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

const objectsDraft = z.object({ objects: z.object({ type: z.string() }).nullable().catch(null).array() });
const calendarsDraft = z.object({ calendars: z.object({ id: z.string() }).nullable().catch(null).array() });
const sourcesDraft = z.object({ sources: z.object({ source: z.string() }).nullable().catch(null).array() });

/** Each object type is declared once. */
export function checkObjectTypes(file: YamlFile): PackIssue[] {
  const draft = objectsDraft.safeParse(file.value);
  if (!draft.success) return [];
  const seen = new Set<string>();
  return draft.data.objects.flatMap((entry, index) => {
    if (entry === null) return [];
    if (seen.has(entry.type)) return [file.issueAt(["objects", index, "type"], `"${entry.type}" is declared twice`)];
    seen.add(entry.type);
    return [];
  });
}

/** Each calendar has an id of its own. */
export function checkCalendarIds(file: YamlFile): PackIssue[] {
  const draft = calendarsDraft.safeParse(file.value);
  if (!draft.success) return [];
  const seen = new Set<string>();
  return draft.data.calendars.flatMap((entry, index) => {
    if (entry === null) return [];
    if (seen.has(entry.id))
      return [file.issueAt(["calendars", index, "id"], `another calendar is called "${entry.id}"`)];
    seen.add(entry.id);
    return [];
  });
}

/** The first rule that fits a source counts, so each must be able to be the first for some source. */
export function checkSources(file: YamlFile): PackIssue[] {
  const draft = sourcesDraft.safeParse(file.value);
  if (!draft.success) return [];
  const earlier: string[] = [];
  return draft.data.sources.flatMap((entry, index) => {
    if (entry === null) return [];
    const path = ["sources", index, "source"];
    if (entry.source.slice(0, -1).includes("*"))
      return [file.issueAt(path, `"*" may only end a source, as in "/import/*"`)];
    const covering = earlier.find((pattern) => covers(pattern, entry.source));
    earlier.push(entry.source);
    if (covering === undefined) return [];
    return [
      file.issueAt(path, `this rule is never used: "${covering}" before it fits first`, {
        hint: "put the narrower rule first",
      }),
    ];
  });
}

function covers(pattern: string, source: string): boolean {
  return pattern.endsWith("*") ? source.startsWith(pattern.slice(0, -1)) : pattern === source;
}
