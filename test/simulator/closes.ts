import type { Reversal } from "@throughline/schemas/event";
import { businessHours } from "./business-hours.ts";
import type { Site } from "./catalogue.ts";
import { DAY, HOUR, MINUTE, findNextLocal, toLocalWeekday } from "./demand.ts";
import { strikeClosedEarly, strikeLate } from "./faults.ts";
import type { Random } from "./random.ts";
import type { Simulation } from "./simulation.ts";
import { ERP } from "./sources.ts";

const MONDAY = 1;
const REOPENED_SHARE = 0.12;
/** Closes are few; so that some go wrong, they do it this many times as often as other steps. */
const FAULTS_MORE_OFTEN = 8;
/** Steps after complete feeds, with the hours of work that each takes at least, usually and at most. */
export const CLOSE_STEPS = [
  ["reconciled", 2, 4, 7],
  ["accrued", 1, 2, 5],
  ["approved", 1, 2, 4],
  ["locked", 0.2, 0.8, 3],
] as const;

interface Close {
  /** company / period. */
  id: string;
  site: Site;
  kind: "week" | "month";
  random: Random;
}

/** The inventory books of each site are closed every week, and its ledger every month. */
export function startCloses(simulation: Simulation, now: number) {
  for (const [index, site] of simulation.catalogue.sites.entries())
    awaitCutOff(simulation, { site, company: `${index + 1}000` }, now);
}

function awaitCutOff(simulation: Simulation, books: { site: Site; company: string }, now: number) {
  simulation.schedule(findNextLocal(now, 0, 0), (at) => {
    awaitCutOff(simulation, books, at);
    if (toLocalWeekday(at) === MONDAY) cutOff(simulation, { ...books, kind: "week", period: toWeek(at - DAY) }, at);
    if (new Date(at).getUTCDate() === 1)
      cutOff(simulation, { ...books, kind: "month", period: new Date(at - DAY).toISOString().slice(0, 7) }, at);
  });
}

function cutOff(
  simulation: Simulation,
  books: { site: Site; company: string; kind: Close["kind"]; period: string },
  now: number,
) {
  const { site, company, kind, period } = books;
  const id = `${company}/${period}`;
  const random = simulation.random(`close/${id}`);
  const close = { id, site, kind, random };
  send(simulation, { close, verb: "cut_off" }, now);
  if (simulation.incident("closed-early", company).find(now) !== undefined) return closeEarly(simulation, close, now);
  const isLate = random.isHit(simulation.options.faults.late * FAULTS_MORE_OFTEN);
  const completeAt = isLate ? toLateFeeds(close, now) : now + Math.round(random.around(1, 4, 9) * HOUR);
  if (isLate)
    strikeLate(simulation, { onset: now, end: completeAt, object: ["period", id], leg: "period-close/feeds" });
  simulation.schedule(completeAt, (at) => {
    send(simulation, { close, verb: "feeds_completed" }, at);
    takeStep(simulation, { close, step: 0 }, at);
  });
}

/** Somebody is in a hurry: everything is approved and locked within an hour, and the feeds are complete hours later. */
function closeEarly(simulation: Simulation, close: Close, now: number) {
  CLOSE_STEPS.forEach(([verb], index) =>
    simulation.schedule(now + (index + 1) * 15 * MINUTE, (at) => send(simulation, { close, verb }, at)),
  );
  const completeAt = now + Math.round(close.random.between(3, 9) * HOUR);
  strikeClosedEarly(simulation, { at: now, end: completeAt, period: close.id });
  simulation.schedule(completeAt, (at) => send(simulation, { close, verb: "feeds_completed" }, at));
}

/** After twelve hours for a week, after the next working day for a month. */
function toLateFeeds({ kind, random }: Close, now: number): number {
  if (kind === "week") return now + Math.round(random.between(12.5, 20) * HOUR);
  return businessHours.add(now, Math.round(random.between(20, 30) * HOUR));
}

function takeStep(simulation: Simulation, made: { close: Close; step: number }, now: number) {
  const { close, step } = made;
  const next = CLOSE_STEPS[step];
  if (next === undefined) return;
  const [verb, least, usual, most] = next;
  const workedAt = businessHours.add(now, Math.round(close.random.around(least, usual, most) * HOUR));
  simulation.schedule(simulation.outages(ERP).postpone(workedAt), (at) => {
    send(simulation, { close, verb }, at);
    if (verb === "locked" && close.random.isHit(REOPENED_SHARE)) reopen(simulation, close, at);
    takeStep(simulation, { close, step: step + 1 }, at);
  });
}

/** A posting was forgotten: the lock is taken back for half an hour. */
function reopen(simulation: Simulation, close: Close, lockedAt: number) {
  const reopenedAt = businessHours.add(lockedAt, Math.round(close.random.between(0.5, 6) * HOUR));
  const reverses = { object: { type: "period", id: close.id }, milestone: "locked" };
  simulation.schedule(reopenedAt, (at) => send(simulation, { close, verb: "reopened", reverses }, at));
  simulation.schedule(businessHours.add(reopenedAt, HOUR / 2), (at) => send(simulation, { close, verb: "locked" }, at));
}

function send(simulation: Simulation, told: { close: Close; verb: string; reverses?: Reversal }, now: number) {
  const { close, verb, reverses } = told;
  simulation.send(now, {
    type: `erp.period.${verb}`,
    source: ERP,
    site: close.site.id,
    objects: [["period", close.id]],
    attributes: { kind: close.kind },
    ...(reverses === undefined ? {} : { reverses }),
  });
}

/** The ISO week of a moment, such as 2026-W10. */
export function toWeek(at: number): string {
  const thursday = new Date(at + (4 - (new Date(at).getUTCDay() || 7)) * DAY);
  const year = thursday.getUTCFullYear();
  const week = Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY + 1) / 7);
  return `${year}-W${String(week).padStart(2, "0")}`;
}
