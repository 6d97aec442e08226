import { DAY, HOUR } from "../demand.ts";
import type { TruthRow } from "../truth.ts";
import { type Diagnosis, EXPECTED, diagnose } from "./diagnose.ts";
import type { Finding } from "./finding.ts";
import { type Relations, toShelf } from "./relations.ts";

export type SeenFinding = Finding & { firstAt: number };

/** What became of a fault: its finding, another one about the same, or none. */
export interface Verdict {
  row: TruthRow;
  found: SeenFinding | undefined;
  /** What the tower says of it where that is another kind. */
  takenFor: Diagnosis | undefined;
}

export interface Judged {
  verdicts: Verdict[];
  /** Findings of a kind that no fault explains. */
  alarms: SeenFinding[];
  /** Findings that a fault brought about besides the one that names it. */
  consequences: number;
}

/** How long after it is over a fault goes on to be felt. */
const AFTERMATH = 2 * DAY;
const EARLY = HOUR;
const STEPS = 3;
/** Kinds that touch all that a source says while they last. */
const DOWN = new Set<TruthRow["kind"]>(["outage", "collector-dead", "stuck-queue", "clock-drift"]);
/** Findings of a feed that stand for all that is of their kind in their time. */
const SHARED = new Set(["missing-numbers", "behind-watermark", "silent"]);

/**
 * Holds what a tower found until a time against what was done to the network. Each finding is taken once, for the first fault
 * that it names, unless it stands for several.
 */
export function judge(
  {
    truth,
    findings,
    relations,
  }: { truth: readonly TruthRow[]; findings: readonly SeenFinding[]; relations: Relations },
  until: number,
): Judged {
  const taken = new Set<string>();
  const isFree = ({ key, name }: SeenFinding) => SHARED.has(name) || !taken.has(key);
  // Of several findings that could be a fault's the first is, so that none is left that is too early for a later one.
  const inOrder = findings.toSorted((a, b) => a.at - b.at);
  const verdicts = truth.map((row): Verdict => {
    const found = inOrder.find((finding) => isFree(finding) && names(finding, row, until));
    if (found !== undefined) taken.add(found.key);
    return { row, found, takenFor: undefined };
  });
  const reaches = truth.map((row) => ({ row, ids: toReach(row, relations) }));
  const known = new Set(verdicts.filter(({ found }) => found !== undefined).map(({ row }) => row));
  const left = findings.filter(({ key }) => !taken.has(key));
  const isExplained = (finding: SeenFinding, rows: ReadonlySet<TruthRow> | undefined) =>
    reaches.some(({ row, ids }) => (rows?.has(row) ?? true) && isConsequence(finding, row, ids));
  for (const verdict of verdicts) {
    if (verdict.found !== undefined) continue;
    const other = left.find(
      (finding) => !taken.has(finding.key) && isAbout(finding, verdict.row) && !isExplained(finding, known),
    );
    if (other === undefined) continue;
    verdict.takenFor = diagnose(other);
    taken.add(other.key);
  }
  const rest = left.filter(({ key }) => !taken.has(key));
  const alarms = rest.filter((finding) => !isExplained(finding, undefined));
  return { verdicts, alarms, consequences: rest.length - alarms.length };
}

/** Whether a finding is the one that a fault is expected to show. */
function names(finding: Finding, row: TruthRow, until: number): boolean {
  const { channel, name, verdict, at } = finding;
  const kind = diagnose(finding);
  // What ends late looks like what never ends, as long as it has not ended.
  const isRunning = kind === "missing" && row.kind === "late" && toEnd(row) > until;
  const isRefusedClock = row.expected.code === "clock_ahead" && kind === "clock" && channel === "quarantine";
  if (kind !== EXPECTED[row.kind] && !isRunning && !isRefusedClock) return false;
  const { flow, leg } = row.expected;
  if (channel === "leg")
    return isAbout(finding, row) && (verdict === "ORPHAN_END" || flow === undefined || `${flow}/${leg}` === name);
  if (row.kind === "theft") return row.objects.every(({ id }) => finding.objects.some(([, own]) => own === id));
  if (channel !== "feed" && channel !== "quarantine") return isAbout(finding, row);
  const isTimely = Date.parse(row.onset) - EARLY <= (finding.until ?? at) && at <= toEnd(row) + AFTERMATH;
  return (isTimely || name === "duplicates") && listSources(row).some((source) => source === finding.objects[0]?.[1]);
}

function isAbout({ objects }: Finding, row: TruthRow): boolean {
  return objects.some(([, id]) => row.objects.some((object) => object.id === id));
}

function listSources({ objects, events }: TruthRow): string[] {
  return [...objects.map(({ id }) => id), ...events.map(({ source }) => source)];
}

/** What a fault may change: the documents that it struck and those beside them; of an outage, all that was said in it. */
function toReach(row: TruthRow, relations: Relations): ReadonlySet<string> {
  if (DOWN.has(row.kind)) {
    const [system] = row.objects;
    const told = relations.ofSource(system?.id ?? "", Date.parse(row.onset) - HOUR, toEnd(row) + 6 * HOUR);
    return relations.near([...told, ...row.objects.slice(1).map(({ id }) => id)], 1);
  }
  return relations.near(
    [...row.objects.map(({ id }) => id), ...row.events.flatMap((event) => relations.idsOf(event))],
    STEPS,
  );
}

function isConsequence(finding: SeenFinding, row: TruthRow, reach: ReadonlySet<string>): boolean {
  const { channel, objects, firstAt, at } = finding;
  const onset = Date.parse(row.onset) - EARLY;
  if (channel === "leg" || channel === "match" || channel === "item")
    return (
      firstAt >= onset &&
      [...objects.map(([, id]) => id), toShelf(objects[0]?.[1], objects[1]?.[1])].some((id) => reach.has(id))
    );
  return (
    onset <= at &&
    at <= toEnd(row) + AFTERMATH &&
    listSources(row).some((source) => objects.some(([, id]) => id === source))
  );
}

function toEnd({ onset, end }: TruthRow): number {
  return Date.parse(end ?? onset);
}
