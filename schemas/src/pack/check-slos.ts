import { z } from "zod";
import { type FlowDraft, listLegIds } from "./flow-draft.ts";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

const word = z.string().optional().catch(undefined);

const slosDraft = z.object({
  slos: z
    .object({
      id: word,
      flow: word,
      legs: word.array().catch([]),
      window: z.object({ calendar: word }).catch({ calendar: undefined }),
    })
    .partial()
    .nullable()
    .catch(null)
    .array(),
});

type SloDraft = NonNullable<z.infer<typeof slosDraft>["slos"][number]>;

/** What objectives may refer to. */
export interface SloContext {
  flows: readonly FlowDraft[];
  calendarIds: readonly string[];
}

/** Each objective has an id of its own and names a flow, legs of it, and a calendar that there are. */
export function checkSlos(file: YamlFile, context: SloContext): PackIssue[] {
  const draft = slosDraft.safeParse(file.value);
  if (!draft.success) return [];
  const seen = new Set<string>();
  return draft.data.slos.flatMap((entry, index) => {
    if (entry === null) return [];
    const issues = [...checkFlow(file, { entry, index, context }), ...checkCalendar(file, { entry, index, context })];
    if (entry.id === undefined) return issues;
    if (seen.has(entry.id))
      issues.push(file.issueAt(["slos", index, "id"], `another objective is called "${entry.id}"`));
    seen.add(entry.id);
    return issues;
  });
}

interface Checked {
  entry: SloDraft;
  index: number;
  context: SloContext;
}

function checkFlow(file: YamlFile, { entry, index, context }: Checked): PackIssue[] {
  if (entry.flow === undefined) return [];
  const known = context.flows.flatMap(({ id }) => id ?? []);
  const flow = context.flows.find(({ id }) => id === entry.flow);
  if (flow === undefined)
    return [file.issueAt(["slos", index, "flow"], `no flow "${entry.flow}"`, { hint: suggest(entry.flow, known) })];
  const legs = listLegIds(flow);
  return (entry.legs ?? []).flatMap((leg, position) => {
    if (leg === undefined || legs.includes(leg)) return [];
    const path = ["slos", index, "legs", position];
    return [file.issueAt(path, `no leg "${leg}" in the flow "${entry.flow}"`, { hint: suggest(leg, legs) })];
  });
}

function checkCalendar(file: YamlFile, { entry, index, context }: Checked): PackIssue[] {
  const calendar = entry.window?.calendar;
  if (calendar === undefined || context.calendarIds.includes(calendar)) return [];
  const known = context.calendarIds;
  const hint = known.length === 0 ? "declare it in calendars.yaml" : suggest(calendar, known);
  return [file.issueAt(["slos", index, "window", "calendar"], `no calendar "${calendar}"`, { hint })];
}
