import type { Verdict } from "@throughline/schemas/leg";
import type { Fact } from "./fact.ts";
import type { FlowModel } from "./legs/flow-model.ts";
import type { LegModel } from "./legs/leg-model.ts";
import { addTime, type Hours, measureUnion } from "./hours.fixture.ts";
import type { ApprovedWindow } from "./legs/moves.ts";
import { type Counted, findEnd, isByQuantity, listReached } from "./oracle-quantities.fixture.ts";

/** A verdict as the oracle sees it. */
export interface OracleLeg {
  leg: string;
  instanceId: string;
  verdict: Verdict;
  startedAt: number | undefined;
  endedAt: number | undefined;
  dueAt: number | undefined;
  supplier: string;
  occurrence: number;
}

/**
 * All legs of a world of events, worked out the slow and plain way: every statement of every event is at hand, nothing
 * is kept from before, feeds are complete up to `now`, and every window is for all legs. From `since` on, the rules of
 * `changedFlow` are in force. With `hours` all legs but the shipment are due in working time. Quantities are small whole
 * numbers.
 */
export function judgeWorld(
  model: FlowModel,
  world: readonly Fact[],
  {
    now,
    windows = [],
    since = Infinity,
    hours,
  }: {
    now: number;
    windows?: readonly ApprovedWindow[];
    since?: number | undefined;
    hours?: readonly Hours[] | undefined;
  },
): OracleLeg[] {
  const events = pickStatements(world);
  const anchors = new Set(
    events.flatMap(({ objects }) => objects.filter(({ type }) => type === model.anchor).map(({ id }) => id)),
  );
  return [...anchors].flatMap((instanceId) => {
    const own = listOwnEvents(model, events, instanceId);
    return model.legs.flatMap((leg) =>
      judge({ model, leg, now, windows, since, hours: leg.id === "shipment" ? undefined : hours }, own).map((row) => ({
        ...row,
        leg: leg.id,
        instanceId,
      })),
    );
  });
}

function pickStatements(world: readonly Fact[]): Fact[] {
  const best = new Map<string, Fact>();
  for (const fact of world) {
    const rival = best.get(`${fact.source}|${fact.id}`);
    const wins =
      !rival || fact.revision > rival.revision || (fact.revision === rival.revision && fact.digest < rival.digest);
    if (wins) best.set(`${fact.source}|${fact.id}`, fact);
  }
  return [...best.values()].toSorted((a, b) => a.time - b.time || (a.source + a.id < b.source + b.id ? -1 : 1));
}

function listOwnEvents(model: FlowModel, events: readonly Fact[], instanceId: string): Fact[] {
  const members = new Set([`${model.anchor}|${instanceId}`]);
  for (let size = 0; size !== members.size;) {
    size = members.size;
    for (const { objects } of events)
      for (const link of model.links)
        for (const from of objects)
          if (from.type === link.from && members.has(`${from.type}|${from.id}`))
            for (const to of objects) if (to.type === link.to) members.add(`${to.type}|${to.id}`);
  }
  return events.filter(({ objects }) => {
    const levels = objects.map(({ type }) => model.levels.get(type) ?? 99);
    const nearest = objects.filter((_, index) => levels[index] === Math.min(...levels) && levels[index] !== 99);
    return nearest.some(({ type, id }) => members.has(`${type}|${id}`));
  });
}

type Judged = Omit<OracleLeg, "leg" | "instanceId">;

/** Cuts the time of a leg at the changes after its start and judges each part as if there were no other. */
function judge(
  {
    model,
    leg,
    now,
    windows,
    since: rulesSince,
    hours,
  }: Pick<Part, "leg" | "now" | "windows" | "since" | "hours"> & { model: FlowModel },
  own: readonly Fact[],
): Judged[] {
  const isReversed = (fact: Fact) => listReversals(fact, own).length > 0;
  const from = own.filter((fact) => reaches(model, leg.from, fact));
  const starts = from.filter((fact) => !isReversed(fact));
  const lostStart = from.find(isReversed);
  const since = starts[0]?.time ?? (lostStart ? Infinity : -Infinity);
  const standing = own.filter((fact) => isChange(fact) && !isReversed(fact));
  const stating = standing.filter(({ time, measures }) => time >= since && measures["quantity"] !== undefined);
  const restated = stating.filter((fact) => fact === stating.findLast(({ time }) => time === fact.time));
  const changes = standing.filter(({ time }) => time > since);
  const cuts = RESTARTED.has(leg.id)
    ? changes.filter(({ time }, index) => changes.findIndex((other) => other.time === time) === index)
    : [];
  return [undefined, ...cuts].flatMap((change, occurrence) => {
    const span = { from: change?.time ?? -Infinity, until: cuts[occurrence]?.time ?? Infinity };
    const isEnd = (fact: Fact) => reaches(model, leg.to, fact) && fact.time >= span.from && fact.time < span.until;
    const ends = own.filter((fact) => isEnd(fact) && !isReversed(fact));
    const part = change
      ? { starts: [change], restated, lostStart: undefined, ends, isEnd, replacedAt: span.until }
      : { starts, restated, lostStart, ends, isEnd, replacedAt: span.until };
    const judged = judgePart({ leg, now, windows, since: rulesSince, hours, ...part }, own);
    if (judged === undefined) return [];
    const isChanged = (judged.startedAt ?? judged.endedAt ?? 0) >= rulesSince;
    if (leg.id === (isChanged ? "shipment" : "extra")) return [];
    const relevant = own.filter((fact) => fact.reverses === undefined && model.eventTypes.has(fact.type));
    const end = findEnd({ leg, starts: part.starts, restated, ends, since: rulesSince });
    return [{ ...judged, occurrence, supplier: findOwnSupplier([part.starts[0], end, ...relevant]) }];
  });
}

/** The supplier of the event that starts the leg, else of the one that ends it, else of the earliest that names one. */
function findOwnSupplier(facts: readonly (Fact | undefined)[]): string {
  const suppliers = facts.map((fact) => fact?.objects.find(({ type }) => type === "supplier")?.id);
  return suppliers.find((supplier) => supplier !== undefined) ?? "";
}

function isInside({ from, until = Infinity }: ApprovedWindow, time: number): boolean {
  return from <= time && time < until;
}

interface Part extends Counted {
  now: number;
  lostStart: Fact | undefined;
  ends: readonly Fact[];
  isEnd: (fact: Fact) => boolean;
  replacedAt: number;
  windows: readonly ApprovedWindow[];
  hours: readonly Hours[] | undefined;
}

function judgePart(part: Part, own: readonly Fact[]): Omit<Judged, "occurrence" | "supplier"> | undefined {
  const { leg, now, starts, lostStart } = part;
  const start = starts[0]?.time;
  const end = toPossibleEnd(findEnd(part), start);
  if (start === undefined && end === undefined)
    return lostStart && { verdict: "EXCLUDED", startedAt: lostStart.time, endedAt: undefined, dueAt: undefined };
  const cancelled = own.find((fact) => isCancellation(fact) && listReversals(fact, own).length === 0)?.time ?? Infinity;
  if (start === undefined) {
    const verdict = cancelled <= (end ?? 0) ? "EXCLUDED" : "ORPHAN_END";
    return { verdict, startedAt: undefined, endedAt: end, dueAt: undefined };
  }
  const stretches = listStretches(own, part);
  const isChanged = start >= part.since;
  const budget = toBudget(leg, isChanged);
  const latestStart = start + (starts[0]?.impreciseMs ?? 0);
  const course = { start, end, hours: part.hours };
  const due = extend(addTime(latestStart, budget, part.hours), stretches, course);
  const row = { startedAt: start, endedAt: end, dueAt: due === Infinity ? undefined : due };
  const decided = Math.min(end ?? Infinity, due);
  if (cancelled < Infinity && cancelled <= decided) return { verdict: "EXCLUDED", ...row };
  if (part.replacedAt < Infinity && part.replacedAt <= decided) return { verdict: "SUPERSEDED", ...row };
  if (end !== undefined && end < start - 120_000) return { verdict: "SEQUENCE", ...row };
  if (end !== undefined) return { verdict: end <= due ? "MET" : "BREACHED", ...row };
  if (now > due) return { verdict: "BREACHED", ...row };
  if (part.windows.some((each) => each.kind === "pause" && each.from < due && isInside(each, now)))
    return { verdict: "PAUSED", ...row };
  const atRisk = extend(addTime(latestStart, budget * (isChanged ? 0.5 : 0.8), part.hours), stretches, course);
  return { verdict: now >= atRisk ? "AT_RISK" : "OPEN", ...row };
}

/** Of an end of which only the day is known, its beginning, or the start where that lies in the day. */
function toPossibleEnd(end: Fact | undefined, start: number | undefined): number | undefined {
  if (end === undefined || start === undefined || end.time > start) return end?.time;
  return end.time + (end.impreciseMs ?? 0) >= start ? start : end.time;
}

/** The reversals of a fact that are not reversed themselves. */
function listReversals(fact: Fact, own: readonly Fact[]): Fact[] {
  const direct = own.filter(
    ({ reverses, outcome }) =>
      reverses &&
      "id" in reverses &&
      reverses.source === fact.source &&
      reverses.id === fact.id &&
      outcome !== "failed",
  );
  return direct.filter((reversal) => listReversals(reversal, own).length === 0);
}

const RESTARTED: ReadonlySet<string> = new Set(["acknowledgement", "first-receipt"]);

function isChange(fact: Fact): boolean {
  return fact.type === "procurement.purchase_order.changed" && fact.outcome !== "failed";
}

function isCancellation(fact: Fact): boolean {
  return fact.type === "procurement.purchase_order.cancelled" && fact.outcome !== "failed";
}

function toBudget(leg: LegModel, isChanged: boolean): number {
  const hours: Record<string, number> = {
    acknowledgement: isChanged ? 8 : 4,
    extra: 6,
    shipment: 24,
    "first-receipt": 10,
    "complete-receipt": 10,
  };
  return (hours[leg.id] ?? 0) * 3_600_000;
}

function reaches(model: FlowModel, milestone: string, fact: Fact): boolean {
  const types: Record<string, string> = {
    issued: "procurement.purchase_order.issued",
    acknowledged: "supplier.acknowledgment.received",
    shipped: "supplier.shipment.sent",
    received: "erp.goods_receipt.posted",
  };
  if (fact.type !== types[milestone] || fact.outcome === "failed") return false;
  return milestone !== "acknowledged" || fact.attributes["line_status"] === "IA";
}

interface Stretch {
  from: number;
  until: number;
  isReversal: boolean;
}

/** What may move a deadline: the time in which ends stood that were taken back, and the approved windows. */
function listStretches(own: readonly Fact[], part: Part): Stretch[] {
  const ends = own.filter(part.isEnd).map((fact) => {
    const times = listReversals(fact, own).map(({ time }) => time);
    return { fact, from: fact.time, until: Math.min(...times, Infinity) };
  });
  const stood = isByQuantity(part) ? listReached(ends, part) : ends.filter(({ until }) => until < Infinity);
  return [
    ...stood.map(({ from, until }) => ({ from, until, isReversal: true })),
    ...part.windows.map(({ from, until = Infinity }) => ({ from, until, isReversal: false })),
  ];
}

/** Moves a time by the length of all that crosses the leg before it, over and over until nothing more does. */
function extend(
  base: number,
  stretches: readonly Stretch[],
  leg: { start: number; end: number | undefined; hours: readonly Hours[] | undefined },
): number {
  for (let due = base; ;) {
    const crossing = stretches
      .filter(({ from, isReversal }) => (isReversal ? from <= due : from < due && from < (leg.end ?? Infinity)))
      .map(({ from, until }) => ({ from: Math.max(from, leg.start), until }));
    const next = crossing.some(({ from, until }) => until === Infinity && from < until)
      ? Infinity
      : addTime(base, measureUnion(crossing, leg.hours), leg.hours);
    if (next === due || next === Infinity) return next;
    due = next;
  }
}
