import type { Pack } from "@throughline/schemas/pack/flow";
import type { JourneyEvent } from "../contract/journey.ts";
import type { Fact } from "../projections/fact.ts";
import { isMatch, toFlowModel } from "../projections/legs/flow-model.ts";
import type { FoldedEvent } from "./fold-events.ts";

/** Which milestones of which flows an event reaches. */
export type MilestoneFinder = (event: FoldedEvent) => JourneyEvent["milestones"];

/** Makes the finder from a pack once; it asks the same conditions as evaluation does. */
export function createMilestoneFinder(pack: Pack): MilestoneFinder {
  const candidates = [...pack.flows.values()].flatMap((flow) => {
    const model = toFlowModel(flow, pack.ruleVersions.get(flow.id) ?? "");
    return model.milestones.flatMap(({ id, events }) =>
      events.map((matcher) => ({
        matcher,
        reached: { flow: flow.id, milestone: id, title: flow.milestones[id]?.title ?? id },
      })),
    );
  });
  const byType = Map.groupBy(candidates, ({ matcher }) => matcher.type);
  return (event) => {
    if (event.standing !== "counts") return [];
    const fact = toFact(event);
    return (byType.get(event.type) ?? []).filter(({ matcher }) => isMatch(matcher, fact)).map(({ reached }) => reached);
  };
}

/** The events with the milestones that they reach. */
export function addMilestones(events: readonly FoldedEvent[], find: MilestoneFinder): JourneyEvent[] {
  return events.map((event) => Object.assign(event, { milestones: find(event) }));
}

function toFact(event: FoldedEvent): Fact {
  return {
    log: "",
    position: 0,
    source: event.source,
    id: event.id,
    revision: event.revision,
    digest: "",
    type: event.type,
    domain: event.domain,
    time: Date.parse(event.time),
    arrivedAt: Date.parse(event.arrivedAt),
    site: event.site,
    outcome: event.outcome ?? "",
    objects: event.objects,
    reverses: event.reverses ?? undefined,
    measures: new Map(Object.entries(event.measures)),
    attributes: event.attributes,
  };
}
