import type { Pack } from "@throughline/schemas/pack/flow";
import type { JourneyEvent } from "../contract/journey.ts";
import type { Fact } from "../projections/fact.ts";
import { toFlowModels } from "../projections/legs/flow-model.ts";
import { isMatch } from "../projections/legs/matchers.ts";
import type { FoldedEvent } from "./fold-events.ts";

/** Which milestones of which flows an event reaches. */
export type MilestoneFinder = (event: FoldedEvent) => JourneyEvent["milestones"];

/** Makes the finder from a pack once; it asks the same conditions as evaluation does. */
export function createMilestoneFinder(pack: Pack): MilestoneFinder {
  const candidates = toFlowModels(pack).flatMap((model) =>
    model.milestones.flatMap(({ id, events }) => {
      const title = pack.flows.get(model.id)?.milestones[id]?.title ?? id;
      return events.map((matcher) => ({ matcher, reached: { flow: model.id, milestone: id, title } }));
    }),
  );
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
    measures: event.measures,
    attributes: event.attributes,
  };
}
