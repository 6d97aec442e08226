import type { Verdict } from "@throughline/schemas/leg";
import type { Fact } from "./fact.ts";
import type { FlowModel, LegModel } from "./legs/flow-model.ts";

/** A verdict as the oracle sees it. */
export interface OracleLeg {
  leg: string;
  instanceId: string;
  verdict: Verdict;
  startedAt: number | undefined;
  endedAt: number | undefined;
  dueAt: number | undefined;
  supplier: string;
}

/**
 * All legs of a world of events, worked out the slow and plain way: every statement of every event is at hand, nothing
 * is kept from before, feeds are complete up to `now`. Quantities are small whole numbers here.
 */
export function judgeWorld(model: FlowModel, world: readonly Fact[], now: number): OracleLeg[] {
  const events = pickStatements(world);
  const anchors = new Set(
    events.flatMap(({ objects }) => objects.filter(({ type }) => type === model.anchor).map(({ id }) => id)),
  );
  return [...anchors].flatMap((instanceId) => {
    const own = listOwnEvents(model, events, instanceId);
    return model.legs.flatMap((leg) =>
      judge({ model, leg, now }, own).map((row) => ({
        ...row,
        leg: leg.id,
        instanceId,
        supplier: findOwnSupplier({ model, leg }, own, row),
      })),
    );
  });
}

/** The supplier of the event that starts the leg, else of the one that ends it, else of the earliest that names one. */
function findOwnSupplier(
  { model, leg }: { model: FlowModel; leg: LegModel },
  own: readonly Fact[],
  row: { startedAt: number | undefined; endedAt: number | undefined },
): string {
  const isStanding = (fact: Fact) => listReversals(fact, own).length === 0;
  const start = own.find((fact) => reaches(model, leg.from, fact) && isStanding(fact));
  const end = own
    .filter((fact) => reaches(model, leg.to, fact) && isStanding(fact))
    .find(({ time }) => time === row.endedAt);
  const relevant = own.filter((fact) => fact.reverses === undefined && model.eventTypes.has(fact.type));
  const suppliers = [start, end, ...relevant].map((fact) => fact?.objects.find(({ type }) => type === "supplier")?.id);
  return suppliers.find((supplier) => supplier !== undefined) ?? "";
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

function judge(
  { model, leg, now }: { model: FlowModel; leg: LegModel; now: number },
  own: readonly Fact[],
): Omit<OracleLeg, "leg" | "instanceId" | "supplier">[] {
  const isReversed = (fact: Fact) => listReversals(fact, own).length > 0;
  const occurrences = (milestone: string) => own.filter((fact) => reaches(model, milestone, fact));
  const starts = occurrences(leg.from).filter((fact) => !isReversed(fact));
  const ends = occurrences(leg.to).filter((fact) => !isReversed(fact));
  const lostStart = occurrences(leg.from).find(isReversed);
  const start = starts[0]?.time;
  const end = findEnd(leg, starts, ends);
  if (start === undefined && end === undefined)
    return lostStart ? [{ verdict: "EXCLUDED", startedAt: lostStart.time, endedAt: undefined, dueAt: undefined }] : [];
  const cancelled = own.find((fact) => isCancellation(fact) && !isReversed(fact))?.time ?? Infinity;
  if (start === undefined) {
    const verdict = cancelled <= (end ?? 0) ? "EXCLUDED" : "ORPHAN_END";
    return [{ verdict, startedAt: undefined, endedAt: end, dueAt: undefined }];
  }
  const due = extend(start + toBudget(leg), own, {
    start,
    isEnd: (fact) => occurrences(leg.to).includes(fact),
  });
  const row = { startedAt: start, endedAt: end, dueAt: due };
  if (cancelled <= Math.min(end ?? Infinity, due)) return [{ verdict: "EXCLUDED", ...row }];
  if (end !== undefined && end < start - 120_000) return [{ verdict: "SEQUENCE", ...row }];
  if (end !== undefined) return [{ verdict: end <= due ? "MET" : "BREACHED", ...row }];
  const atRisk = due - toBudget(leg) * 0.2;
  return [{ verdict: now > due ? "BREACHED" : now >= atRisk ? "AT_RISK" : "OPEN", ...row }];
}

/** The reversals of a fact that are not reversed themselves. */
function listReversals(fact: Fact, own: readonly Fact[]): Fact[] {
  const direct = own.filter(
    ({ reverses }) => reverses && "id" in reverses && reverses.source === fact.source && reverses.id === fact.id,
  );
  return direct.filter((reversal) => listReversals(reversal, own).length === 0);
}

function isCancellation(fact: Fact): boolean {
  return fact.type === "procurement.purchase_order.cancelled" && fact.outcome !== "failed";
}

function toBudget(leg: LegModel): number {
  const hours: Record<string, number> = {
    acknowledgement: 4,
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

function findEnd(leg: LegModel, starts: readonly Fact[], ends: readonly Fact[]): number | undefined {
  const amount = (fact: Fact) => Number(fact.measures["quantity"]?.value ?? 0);
  if (leg.id !== "complete-receipt" || starts.length === 0) return ends[0]?.time;
  const needed = starts.reduce((sum, fact) => sum + amount(fact), 0) * 0.95;
  for (let sum = 0, index = 0; index < ends.length; index += 1) {
    const fact = ends[index];
    if (fact) sum += amount(fact);
    if (fact && sum >= needed) return fact.time;
  }
  return undefined;
}

function extend(due: number, own: readonly Fact[], options: { start: number; isEnd: (fact: Fact) => boolean }): number {
  const intervals = own
    .filter(options.isEnd)
    .flatMap((fact) => {
      const times = listReversals(fact, own).map(({ time }) => time);
      return times.length === 0 ? [] : [{ from: fact.time, until: Math.min(...times) }];
    })
    .toSorted((a, b) => a.from - b.from || a.until - b.until);
  let extended = due;
  let covered = options.start;
  for (const { from, until } of intervals) {
    const begin = Math.max(from, covered);
    if (from > extended || until <= begin) continue;
    extended += until - begin;
    covered = until;
  }
  return extended;
}
