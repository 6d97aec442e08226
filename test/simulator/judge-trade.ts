import { type Event, HEARTBEAT_TYPE } from "@throughline/schemas/event";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type Fact, toObjectKey } from "../../api/src/projections/fact.ts";
import { evaluateLegs } from "../../api/src/projections/legs/evaluate-legs.ts";
import { type FlowModel, toFlowModels } from "../../api/src/projections/legs/flow-model.ts";
import { readItemUnits } from "../../api/src/projections/matches/read-reference.ts";
import type { LegRow } from "../../api/src/projections/legs/leg-row.ts";
import { type TradeOptions, generateTrade } from "./generate-trade.ts";
import type { TruthRow } from "./truth.ts";

/** A trade's legs as they stand at its end, when everything that was sent has come, and the truth of its faults. */
export function judgeTrade(options: TradeOptions, pack: Pack): { legs: LegRow[]; truth: TruthRow[] } {
  const facts: Fact[] = [];
  const truth: TruthRow[] = [];
  for (const dispatch of generateTrade(options))
    if (dispatch.kind === "truth") truth.push(dispatch.row);
    else if (dispatch.kind === "event" && dispatch.event.type !== HEARTBEAT_TYPE)
      facts.push(toFact(dispatch.event, facts.length));
  return { legs: judgeFacts(facts, { pack, until: options.to }), truth };
}

/** The legs of what was told, as they stand at a time up to which all of it has come. */
export function judgeFacts(facts: readonly Fact[], { pack, until }: { pack: Pack; until: number }): LegRow[] {
  const context = {
    now: until,
    watermark: () => ({ source: "", at: until, lagMs: 0 }),
    contested: new Map(),
    windows: () => [],
    itemUnits: readItemUnits(facts),
  };
  return toFlowModels(pack).flatMap((model) =>
    [...groupByInstance(model, facts)].flatMap(([instanceId, own]) =>
      evaluateLegs({ instanceId, base: undefined, facts: own }, model, context),
    ),
  );
}

/** Each anchor with the events of what lies behind its links; an event counts for its objects nearest to the anchor. */
function groupByInstance(model: FlowModel, facts: readonly Fact[]): Map<string, Fact[]> {
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

/** An event as evaluation sees it, arrived when it happened. */
export function toFact(event: Event, position: number): Fact {
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
