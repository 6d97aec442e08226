import { join } from "node:path";
import type { Event } from "@throughline/schemas/event";
import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { expect, test } from "vitest";
import { type Fact, toObjectKey } from "../../api/src/projections/fact.ts";
import { evaluateLegs } from "../../api/src/projections/legs/evaluate-legs.ts";
import { type FlowModel, toFlowModels } from "../../api/src/projections/legs/flow-model.ts";
import type { LegRow } from "../../api/src/projections/legs/leg-row.ts";
import { loadPack } from "../../commands/pack-files.ts";
import { ROOT } from "../repository/root.ts";
import { DAY } from "./demand.ts";
import { generateTrade } from "./generate-trade.ts";
import type { TruthRow } from "./truth.ts";

const FROM = Date.parse("2026-03-01T00:00:00Z");
const TO = FROM + 12 * DAY;
const STILL_RUNNING = new Set(["OPEN", "AT_RISK"]);

/** The flows that the trade runs through from end to end. */
const SIMULATED = new Set([
  "controlled-substance-order",
  "dispense-to-ledger",
  "goods-receipt-to-invoice",
  "medication-replenishment",
  "period-close",
  "procure-to-pay",
]);

const dispatches = [...generateTrade({ seed: 11, from: FROM, to: TO, hospitals: 2, suppliers: 6, items: 250 })];
const facts = dispatches.flatMap((dispatch, index) =>
  dispatch.kind === "event" && dispatch.event.type !== HEARTBEAT_TYPE ? [toFact(dispatch.event, index)] : [],
);
const truth = dispatches.flatMap((dispatch) => (dispatch.kind === "truth" ? [dispatch.row] : []));
const pack = loadPack(join(ROOT, "config"));
const context = {
  now: TO,
  watermark: () => ({ source: "", at: TO, lagMs: 0 }),
  contested: new Map(),
};
const legs = toFlowModels(pack).flatMap((model) => {
  return [...groupByInstance(model)].flatMap(([instanceId, own]) =>
    evaluateLegs({ instanceId, base: undefined, facts: own }, model, context),
  );
});

test("each fault that breaks a leg gives the verdict that its truth expects", () => {
  const judged = truth.filter(({ expected }) => expected.verdict !== undefined).map(toJudged);
  const settled = judged.filter(({ verdict }) => verdict === undefined || !STILL_RUNNING.has(verdict));
  expect(settled.length).toBeGreaterThan(25);
  expect(settled.filter(({ row, verdict }) => verdict !== row.expected.verdict)).toEqual([]);
});

test("most legs are met: in each flow up to four percent of those decided are breached", () => {
  for (const [flow, own] of Map.groupBy(legs, (leg) => leg.flow)) {
    const [breached, met] = ["BREACHED", "MET"].map((verdict) => own.filter((leg) => leg.verdict === verdict).length);
    const decided = (breached ?? 0) + (met ?? 0);
    const share = (breached ?? 0) / decided;
    if (decided < 300) continue;
    expect([flow, share > 0.0005 && share < 0.04]).toEqual([flow, true]);
  }
});

test("every leg of every simulated flow has ends, and hardly any is out of sequence", () => {
  const wanted = [...pack.flows.values()]
    .filter(({ id }) => SIMULATED.has(id))
    .flatMap((flow) => flow.legs.map((leg) => `${flow.id}/${leg.id}`));
  const ended = new Set(legs.filter(({ verdict }) => verdict === "MET").map(({ flow, leg }) => `${flow}/${leg}`));
  expect(wanted.filter((leg) => !ended.has(leg))).toEqual([]);
  expect(legs.filter(({ verdict }) => verdict === "SEQUENCE").length / legs.length).toBeLessThan(0.005);
});

function toJudged(row: TruthRow): { row: TruthRow; verdict: LegRow["verdict"] | undefined } {
  const found = legs.find(
    ({ flow, leg, instanceId }) =>
      flow === row.expected.flow && leg === row.expected.leg && instanceId === row.objects[0]?.id,
  );
  return { row, verdict: found?.verdict };
}

/** Each anchor with the events of what lies behind its links; an event counts for its objects nearest to the anchor. */
function groupByInstance(model: FlowModel): Map<string, Fact[]> {
  const behind = new Map<string, Set<string>>();
  const eventsOf = new Map<string, Fact[]>();
  for (const fact of facts) {
    const nearest = Math.min(...fact.objects.map(({ type }) => model.levels.get(type) ?? Infinity));
    for (const object of fact.objects) {
      const key = toObjectKey(object);
      const next = behind.get(key) ?? new Set();
      behind.set(key, next);
      for (const link of model.links.filter(({ from }) => from === object.type))
        for (const to of fact.objects) if (to.type === link.to) next.add(toObjectKey(to));
      if (model.levels.get(object.type) === nearest) eventsOf.set(key, [...(eventsOf.get(key) ?? []), fact]);
    }
  }
  const anchors = new Set(
    facts.flatMap(({ objects }) => objects.filter(({ type }) => type === model.anchor).map(({ id }) => id)),
  );
  return new Map(
    [...anchors].map((id) => [id, collectEvents(toObjectKey({ type: model.anchor, id }), behind, eventsOf)]),
  );
}

function collectEvents(anchor: string, behind: Map<string, Set<string>>, eventsOf: Map<string, Fact[]>): Fact[] {
  const members = new Set([anchor]);
  for (const member of members) for (const next of behind.get(member) ?? []) members.add(next);
  return [...new Set([...members].flatMap((member) => eventsOf.get(member) ?? []))];
}

function toFact(event: Event, position: number): Fact {
  const data = typeof event.data === "object" && event.data !== null ? event.data : {};
  return {
    log: "gateway",
    position,
    source: event.source,
    id: event.id,
    revision: 0,
    digest: event.id,
    type: event.type,
    domain: event.type.split(".")[0] ?? "",
    time: Date.parse(event.time ?? ""),
    arrivedAt: Date.parse(event.time ?? ""),
    site: event.site ?? "",
    outcome: data.outcome ?? "",
    objects: data.objects ?? [],
    reverses: data.reverses,
    measures: data.measures ?? {},
    attributes: data.attributes ?? {},
  };
}
