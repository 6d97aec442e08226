import type { FlowLeg } from "@throughline/api/contract";
import { refreshMsOf } from "../../data/refresh.ts";
import { formatDuration, formatIsoDuration } from "../../format/duration.ts";
import { toTitle } from "../../format/title.ts";

type Conditions = Readonly<Record<string, readonly (string | number | boolean)[]>>;

/** What a leg may take: a length of time, of a calendar's working time or of all time, or a day or time of day to be met. */
interface Target {
  where?: Conditions | undefined;
  within?: string | undefined;
  calendar?: string | undefined;
  until?: string | undefined;
  before?: string | undefined;
  lead?: string | undefined;
  cutoff?: { before: string; by: string } | undefined;
  days?: number | undefined;
  workingDays?: number | undefined;
  closeOf?: "day" | "month" | undefined;
}

interface Targeted {
  targets: readonly Target[];
  completion?: FlowLeg["completion"];
}

/** The targets of a leg in words, the first that applies first: `Within 2 h where criticality is critical`. */
export function describeTargets(leg: Targeted): string[] {
  const lines = leg.targets.map((target, index) => {
    const conditions = Object.entries(target.where ?? {}).map(
      ([field, values]) => `${nameField(field)} is ${values.map(String).join(" or ")}`,
    );
    const otherwise = index > 0 ? " otherwise" : "";
    return `${toTitle(sayTarget(target))}${conditions.length === 0 ? otherwise : ` where ${conditions.join(" and ")}`}`;
  });
  if (leg.completion === undefined) return lines;
  const { underTolerancePercent: percent } = leg.completion;
  const amount = percent === 0 ? "all of the quantity" : `all but ${percent} % of the quantity`;
  return [...lines, `Ends when ${amount} is there`];
}

/** The target that holds when no condition does, else the last: the one that a diagram has room for. */
export function sayMainTarget(leg: Targeted): string {
  const target = leg.targets.find(({ where }) => where === undefined) ?? leg.targets.at(-1);
  return target === undefined ? "" : sayTarget(target);
}

function sayTarget(target: Target): string {
  const named = sayNamed(target);
  return `${sayBase(target)}${named === "" ? "" : `, or ${named}`}`;
}

/** The deadline that the starting event names. */
function sayNamed({ until, before, lead }: Target): string {
  if (until !== undefined) return `by the ${nameField(until)} it names`;
  if (before === undefined) return "";
  return `${lead === undefined ? "" : `${formatIsoDuration(lead)} `}before the ${nameField(before)} it names`;
}

function sayBase({ within, calendar, cutoff, days, workingDays, closeOf }: Target): string {
  if (cutoff !== undefined)
    return `by ${cutoff.by} when begun before ${cutoff.before}, else by ${cutoff.by} of the next working day`;
  if (days !== undefined) return `by the end of ${days === 1 ? "the next day" : `the ${toOrdinal(days)} day after`}`;
  if (workingDays !== undefined)
    return `by the end of ${workingDays === 1 ? "the next working day" : `the ${toOrdinal(workingDays)} working day after`}`;
  if (closeOf !== undefined) return `by the end of the ${closeOf}`;
  return `within ${formatIsoDuration(within ?? "")}${calendar === undefined ? "" : " business time"}`;
}

function toOrdinal(count: number): string {
  const words = new Map([
    ["one", "st"],
    ["two", "nd"],
    ["few", "rd"],
  ]);
  return `${count}${words.get(new Intl.PluralRules("en", { type: "ordinal" }).select(count)) ?? "th"}`;
}

/** How current a flow is shown, by its class: `Near real time, shown anew every 15 s`. */
export function sayRefresh(latencyClass: Parameters<typeof refreshMsOf>[0] & string): string {
  const ms = refreshMsOf(latencyClass);
  const pace = ms === 0 ? "shown as it happens" : `shown anew every ${formatDuration(ms)}`;
  return `${toTitle(latencyClass)}, ${pace}`;
}

function nameField(field: string): string {
  return field.replace(/^attributes\./, "").replaceAll("_", " ");
}
