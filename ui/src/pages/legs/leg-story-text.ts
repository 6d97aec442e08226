import type { StoryRules, StoryStep, StoryWindow } from "@throughline/api/contract";
import { formatDuration } from "../../format/duration.ts";
import { formatTime } from "../../format/time.ts";
import { toTitle } from "../../format/title.ts";
import { describeTargets } from "../flows/flow-text.ts";

type Change = StoryStep["changed"][number];

/** What brought a verdict, where it was no event that one can point at: a sentence. */
export function sayCause(step: Pick<StoryStep, "verdict" | "cause" | "ruleVersion">): string {
  const { kind, source } = step.cause;
  if (kind === "event") return "An event that you may not see, or that is no longer kept, brought it.";
  if (kind === "window") return "An excuse or a pause was decided about.";
  if (kind === "units")
    return "What had come counts otherwise: units of the item were stated, or an event came that you may not see.";
  if (kind === "rules") return `The flow's rules changed to ${step.ruleVersion.slice(0, 12)}.`;
  if (kind === "watermark")
    return `${source} reported beyond the moment that was waited for, without an event in time.`;
  if (step.verdict === "AT_RISK") return "Nothing arrived: most of the time allowed was used up.";
  if (step.verdict === "OVERDUE_PROVISIONAL" || step.verdict === "BREACHED")
    return "Nothing arrived: the deadline passed.";
  return "Nothing arrived: a moment passed that it depended on.";
}

/** What the rules of a leg ask for, and whether they still hold: `Rule aaaabbbbcccc, since 1 Mar, 08:00: Within 4 h.` */
export function sayRules(rules: StoryRules, zone: string): string {
  const { ruleVersion, since, isCurrent, atRiskPercent } = rules;
  const targets = describeTargets(rules).join(". ");
  const later = isCurrent ? "" : " What begins now is judged by other rules.";
  return `Rule ${ruleVersion.slice(0, 12)}, since ${formatTime(since, zone, "dated")}: ${targets}. At risk from ${atRiskPercent} % of the time on.${later}`;
}

/** What a window does to a verdict, and who wanted that and why: `Now excused …: ERP release. Requested by Ada, …`. */
export function sayWindow({ kind, change, from, until, excuse }: StoryWindow, zone: string): string {
  const say = (at: string): string => formatTime(at, zone, "minute");
  const span = until === null ? `from ${say(from)} on` : `${say(from)} to ${say(until)}`;
  const what = `${toTitle(kind)} ${span} ${WINDOW_WORDS[change]}`;
  if (excuse === null) return `${what}; why is not kept.`;
  const people = [
    `Requested by ${excuse.requestedBy.name}`,
    excuse.decidedBy && `approved by ${excuse.decidedBy.name}`,
  ];
  const last = change === "added" ? "" : `${excuse.state} by ${excuse.changedBy.name}`;
  const note = excuse.note === "" ? "" : ` Note: ${excuse.note}`;
  return `${what}: ${excuse.reason}. ${[...people, last].filter(Boolean).join(", ")}.${note}`;
}

const WINDOW_WORDS: Record<StoryWindow["change"], string> = {
  added: "does not count",
  changed: "does not count, other than before",
  lifted: "counts again",
};

/** What differs from the verdict before, each in words: `Due moved from 5 Mar, 10:00 to 5 Mar, 12:00`. */
export function sayChanges(step: StoryStep, before: StoryStep | undefined, zone: string): string[] {
  if (before === undefined) return [];
  return step.changed.flatMap((change) => SAY[change]?.({ step, before, zone }) ?? []);
}

interface Words {
  step: StoryStep;
  before: StoryStep;
  zone: string;
}

const SAY: Partial<Record<Change, (words: Words) => string>> = {
  startedAt: ({ step, before, zone }) => sayMoved("Start", [before.startedAt, step.startedAt], zone),
  endedAt: ({ step, before, zone }) => sayMoved("End", [before.endedAt, step.endedAt], zone),
  dueAt: ({ step, before, zone }) => sayMoved("Deadline", [before.dueAt, step.dueAt], zone),
  budgetMs: ({ step, before }) => `Allowed ${sayLength(step.budgetMs)} instead of ${sayLength(before.budgetMs)}`,
  excusedMs: ({ step, before }) =>
    `Excused ${formatDuration(step.excusedMs)} instead of ${formatDuration(before.excusedMs)}`,
  site: ({ step, before }) => `Site ${step.site || "group-wide"} instead of ${before.site || "group-wide"}`,
  flags: ({ step, before }) => {
    const added = step.flags.filter((flag) => !before.flags.includes(flag)).map(toTitle);
    return added.length === 0 ? "A note was taken off" : `Noted: ${added.join(", ").toLowerCase()}`;
  },
  reason: ({ step }) => (step.reason === "" ? "The reason fell away" : `Reason: ${step.reason}`),
  calendar: () => "Another calendar counts its time",
  supplier: () => "Another supplier is named",
  criticality: () => "Another criticality",
  ruleVersion: ({ step }) => `Rule ${step.ruleVersion.slice(0, 12)}`,
};

function sayMoved(name: string, [from, to]: [string | null, string | null], zone: string): string {
  const say = (at: string): string => formatTime(at, zone, "second");
  if (to === null) return from === null ? `${name} unchanged` : `${name} of ${say(from)} taken back`;
  return from === null ? `${name} at ${say(to)}` : `${name} moved from ${say(from)} to ${say(to)}`;
}

function sayLength(ms: number | null): string {
  return ms === null ? "no time" : formatDuration(ms);
}
