import { z } from "zod";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

const objectsDraft = z.object({ objects: z.object({ type: z.string() }).nullable().catch(null).array() });
const calendarsDraft = z.object({ calendars: z.object({ id: z.string() }).nullable().catch(null).array() });
const sourceDraft = z.object({
  source: z.string(),
  calendar: z.string().optional().catch(undefined),
  heartbeatEvery: z.string().optional().catch(undefined),
  silentAfter: z.string().optional().catch(undefined),
  batches: z
    .array(z.object({ name: z.string(), calendar: z.string() }).nullable().catch(null))
    .optional()
    .catch(undefined),
});
const sourcesDraft = z.object({ sources: sourceDraft.nullable().catch(null).array() });

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

/** The rules of sources: each must be able to count, name a calendar that there is, and bear its own heartbeat. */
export function checkSources(file: YamlFile, calendars: readonly string[]): PackIssue[] {
  const draft = sourcesDraft.safeParse(file.value);
  if (!draft.success) return [];
  const silence = draft.data.sources.flatMap((entry, index) =>
    entry === null
      ? []
      : [...checkSilence(file, { entry, index, calendars }), ...checkBatches(file, { entry, index, calendars })],
  );
  return [...checkSourceOrder(file, draft.data), ...silence];
}

function checkSilence(file: YamlFile, { entry, index, calendars }: SourceCheck): PackIssue[] {
  const { calendar, heartbeatEvery, silentAfter } = entry;
  const issues: PackIssue[] = [];
  if (calendar !== undefined && !calendars.includes(calendar))
    issues.push(
      file.issueAt(["sources", index, "calendar"], `no calendar "${calendar}"`, { hint: toHint(calendar, calendars) }),
    );
  if (heartbeatEvery !== undefined && silentAfter !== undefined && toSeconds(silentAfter) < toSeconds(heartbeatEvery))
    issues.push(
      file.issueAt(
        ["sources", index, "silentAfter"],
        "is shorter than heartbeatEvery: the source would always be silent",
      ),
    );
  return issues;
}

interface SourceCheck {
  entry: z.infer<typeof sourceDraft>;
  index: number;
  calendars: readonly string[];
}

function checkBatches(file: YamlFile, { entry, index, calendars }: SourceCheck): PackIssue[] {
  const { source, batches = [] } = entry;
  const issues =
    batches.length > 0 && source.endsWith("*")
      ? [file.issueAt(["sources", index, "batches"], "are promised by one source: name it in full", { at: "key" })]
      : [];
  const seen = new Set<string>();
  for (const [position, batch] of batches.entries()) {
    if (batch === null) continue;
    const path = ["sources", index, "batches", position];
    if (seen.has(batch.name)) issues.push(file.issueAt([...path, "name"], `"${batch.name}" is expected twice`));
    seen.add(batch.name);
    if (!calendars.includes(batch.calendar))
      issues.push(
        file.issueAt([...path, "calendar"], `no calendar "${batch.calendar}"`, {
          hint: toHint(batch.calendar, calendars),
        }),
      );
  }
  return issues;
}

function toHint(calendar: string, calendars: readonly string[]): string | undefined {
  return calendars.length === 0 ? "declare it in calendars.yaml" : suggest(calendar, calendars);
}

/** Seconds of a duration of hours, minutes and seconds; 0 for what is none, which the schema tells. */
function toSeconds(duration: string): number {
  const [, hours = "0", minutes = "0", seconds = "0"] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** The first rule that fits a source counts, so each must be able to be the first for some source. */
function checkSourceOrder(file: YamlFile, { sources }: z.infer<typeof sourcesDraft>): PackIssue[] {
  const earlier: string[] = [];
  return sources.flatMap((entry, index) => {
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
