import type { Flow } from "@throughline/schemas/pack/flow";
import type { StoryEvent, StoryStep } from "../contract/leg-story.ts";
import { type EventRow, toPlainEvent } from "../queries/event-row.ts";
import type { LogPlace } from "../queries/list-events-at.ts";
import type { VerdictRow } from "../queries/list-verdicts-of-leg.ts";
import { foldEvents } from "./fold-events.ts";
import { findCounted, isRecounted, listOtherFlags } from "./leg-quantities.ts";
import { listWindowChanges, type WindowSources } from "./leg-windows.ts";
import type { MilestoneFinder } from "./milestones.ts";

type Cause = StoryStep["cause"];
const MAX_EVENTS = 5;

/** What causes are found in: the events at the ends of the leg by their key, and those of the instance besides. */
export interface CauseSources extends WindowSources {
  flow: Flow | undefined;
  atEnds: ReadonlyMap<string, EventRow>;
  around: readonly EventRow[];
  findMilestones: MilestoneFinder;
}

/** The key of the event that a verdict starts or ends with; undefined without one. */
export function toPlace(log: string, position: string): LogPlace | undefined {
  return log === "" ? undefined : { log, position };
}

/** The events at which a verdict starts or ends and the one before it did not. */
export function listNewEnds(before: VerdictRow | undefined, row: VerdictRow): LogPlace[] {
  const isNew = (name: "start" | "end") =>
    before === undefined || before[`${name}_log`] !== row[`${name}_log`] || before[`${name}_at`] !== row[`${name}_at`];
  const start = isNew("start") ? toPlace(row.start_log, row.start_at) : undefined;
  const end = isNew("end") ? toPlace(row.end_log, row.end_at) : undefined;
  return [...(start ? [start] : []), ...(end ? [end] : [])];
}

/** True when a verdict lost what its start, end or standing came from, so that another event must have said so. */
export function isUndone(before: VerdictRow | undefined, row: VerdictRow): boolean {
  if (before === undefined) return row.reason !== "";
  const lost = (name: "start" | "end") => before[`${name}_log`] !== "" && row[`${name}_log`] === "";
  return (
    lost("start") ||
    lost("end") ||
    row.is_removed === 1 ||
    row.reason !== before.reason ||
    listOtherFlags(row).some((flag) => !listOtherFlags(before).includes(flag))
  );
}

/** What brought a verdict: the event at its new start or end, one that took something back, else a window, a rule, a feed or the clock. */
export function findCause(before: VerdictRow | undefined, row: VerdictRow, sources: CauseSources): Cause {
  const ends = listNewEnds(before, row).flatMap(({ log, position }) => sources.atEnds.get(`${log}:${position}`) ?? []);
  const undoing = isUndone(before, row) ? listUndoing(before, row, sources) : [];
  const isCounted = before !== undefined && isRecounted(before, row, sources.flow);
  const counted = isCounted ? findCounted(before, row, sources) : undefined;
  if (isCounted && undoing.length === 0 && counted === undefined)
    return { kind: "units", source: "", events: [], windows: [] };
  const events = [
    ...new Map(
      [...ends, ...undoing, ...(counted ? [counted] : [])].map((event) => [
        `${event.log}:${event.position_text}`,
        event,
      ]),
    ).values(),
  ];
  const windows = listWindowChanges(before, row, sources);
  if (events.length > 0 || listNewEnds(before, row).length > 0 || isUndone(before, row))
    return {
      kind: "event",
      source: "",
      events: events.slice(0, MAX_EVENTS).map((event) => toStoryEvent(event, sources)),
      windows,
    };
  if (windows.length > 0) return { kind: "window", source: "", events: [], windows };
  if (before !== undefined && before.rule_version !== row.rule_version)
    return { kind: "rules", source: "", events: [], windows };
  if (before !== undefined && before.wake_source !== "")
    return { kind: "watermark", source: before.wake_source, events: [], windows };
  return { kind: "clock", source: "", events: [], windows };
}

/**
 * The newest event that had arrived by the verdict and takes something back: a reversal, a cancellation, or another
 * statement of what the verdict before it started or ended with.
 */
function listUndoing(
  before: VerdictRow | undefined,
  row: VerdictRow,
  { flow, atEnds, around }: CauseSources,
): EventRow[] {
  const cancelling = new Set(flow?.cancelledBy.map(({ type }) => type));
  const ends = before ? [toPlace(before.start_log, before.start_at), toPlace(before.end_log, before.end_at)] : [];
  const replaced = new Set(
    ends.flatMap((place) => (place ? (atEnds.get(`${place.log}:${place.position}`)?.identity_text ?? []) : [])),
  );
  const isUndoing = (event: EventRow) =>
    event.reverses !== "" || cancelling.has(event.type) || replaced.has(event.identity_text);
  const isAtEnd = (event: EventRow) =>
    ends.some((place) => place?.log === event.log && place.position === event.position_text);
  const found = around
    .filter((event) => event.arrived_at <= row.evaluated_at && isUndoing(event) && !isAtEnd(event))
    .toSorted((a, b) => (a.arrived_at < b.arrived_at ? 1 : -1));
  return found.slice(0, 1);
}

function toStoryEvent(row: EventRow, { findMilestones }: CauseSources): StoryEvent {
  const { key, type, source, id, time, latestAt, arrivedAt } = toPlainEvent(row);
  const milestones = foldEvents([row]).flatMap((event) => findMilestones(event).map(({ title }) => title));
  return { key, type, source, id, time, latestAt, arrivedAt, milestones: [...new Set(milestones)] };
}
