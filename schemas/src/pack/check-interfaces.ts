import { z } from "zod";
import { canonicalize } from "./canonical.ts";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { Path, YamlFile } from "./yaml-file.ts";

const text = z.string().optional().catch(undefined);
const EVENT_KEYS = ["sources", "types"] as const;
const SPAN_KEYS = ["services", "peers", "routes"] as const;

const entryDraft = z
  .object({
    id: text,
    cadence: z.object({ calendar: text }).catch({ calendar: undefined }),
    contract: z.object({ versionIn: text }).catch({ versionIn: undefined }),
    traffic: z.partialRecord(z.string(), z.array(z.unknown())).optional().catch(undefined),
    changes: z.array(z.object({ from: text, until: text }).catch({ from: undefined, until: undefined })).catch([]),
  })
  .nullable()
  .catch(null);

const fileDraft = z.object({ interfaces: z.array(entryDraft) }).catch({ interfaces: [] });

type Entry = NonNullable<z.infer<typeof entryDraft>>;
interface Checked {
  file: YamlFile;
  entry: Entry;
  path: Path;
}

/** What the schema of interfaces cannot say: names that are used once or exist, and traffic that can be told apart. */
export function checkInterfaces(file: YamlFile, calendars: readonly string[]): PackIssue[] {
  const ids = new Set<string>();
  const traffics = new Map<string, string>();
  return fileDraft.parse(file.value).interfaces.flatMap((entry, index) => {
    if (entry === null) return [];
    const checked = { file, entry, path: ["interfaces", index] };
    return [
      ...checkId(checked, ids),
      ...checkCalendar(checked, calendars),
      ...checkTraffic(checked, traffics),
      ...checkChanges(checked),
    ];
  });
}

function checkId({ file, entry, path }: Checked, ids: Set<string>): PackIssue[] {
  if (entry.id === undefined) return [];
  if (ids.has(entry.id)) return [file.issueAt([...path, "id"], `another interface is called "${entry.id}"`)];
  ids.add(entry.id);
  return [];
}

function checkCalendar({ file, entry, path }: Checked, calendars: readonly string[]): PackIssue[] {
  const { calendar } = entry.cadence;
  if (calendar === undefined || calendars.includes(calendar)) return [];
  const hint = calendars.length === 0 ? "declare it in calendars.yaml" : suggest(calendar, calendars);
  return [file.issueAt([...path, "cadence", "calendar"], `no calendar "${calendar}"`, { hint })];
}

function checkTraffic({ file, entry, path }: Checked, known: Map<string, string>): PackIssue[] {
  const { traffic } = entry;
  if (traffic === undefined) return [];
  const has = (keys: readonly string[]) => keys.some((key) => (traffic[key]?.length ?? 0) > 0);
  const at: Path = [...path, "traffic"];
  if (!has([...EVENT_KEYS, ...SPAN_KEYS]))
    return [
      file.issueAt(at, "names no traffic", { at: "key", hint: "give sources, types, services, peers or routes" }),
    ];
  const key = canonicalize(traffic);
  const other = known.get(key);
  known.set(key, other ?? entry.id ?? "");
  return [
    ...checkPatterns(file, at, traffic),
    ...(other === undefined ? [] : [file.issueAt(at, `is the traffic of "${other}" too`, { at: "key" })]),
    ...checkVersionPlace({ file, entry, path }, has),
  ];
}

function checkPatterns(file: YamlFile, path: Path, traffic: NonNullable<Entry["traffic"]>): PackIssue[] {
  return Object.entries(traffic).flatMap(([key, values]) =>
    (values ?? []).flatMap((value, index) =>
      typeof value === "string" && value.slice(0, -1).includes("*")
        ? [file.issueAt([...path, key, index], `"*" may only end a name, as in "/edi/*"`)]
        : [],
    ),
  );
}

function checkVersionPlace({ file, entry, path }: Checked, has: (keys: readonly string[]) => boolean): PackIssue[] {
  const { versionIn } = entry.contract;
  if (versionIn === undefined) return [];
  const isOfSpans = versionIn === "span";
  if (has(isOfSpans ? SPAN_KEYS : EVENT_KEYS)) return [];
  const hint = isOfSpans ? "name services, peers or routes" : "name sources or types";
  return [
    file.issueAt([...path, "contract", "versionIn"], `no ${isOfSpans ? "spans" : "events"} belong to it`, { hint }),
  ];
}

function checkChanges({ file, entry, path }: Checked): PackIssue[] {
  return entry.changes.flatMap(({ from, until }, index) => {
    if (from === undefined || until === undefined || !(Date.parse(from) >= Date.parse(until))) return [];
    return [file.issueAt([...path, "changes", index, "until"], "the change ends before it begins")];
  });
}
