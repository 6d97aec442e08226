import type { Pack } from "@throughline/schemas/pack/flow";
import { AppError } from "@throughline/schemas/error";
import type { Journey } from "../contract/journey.ts";
import { forecastLegs } from "../figures/forecast-legs.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { listContestedEvents } from "../queries/list-contested-events.ts";
import { MAX_OBJECTS_ASKED, type ObjectKey } from "../queries/list-events-of-objects.ts";
import { listForeignSteps } from "../queries/list-foreign-steps.ts";
import type { LegClock } from "../queries/leg-row.ts";
import { listLegHistory, MAX_LEG_ROWS } from "../queries/list-leg-history.ts";
import { listSpans } from "../queries/list-spans.ts";
import { listTracesOfObjects } from "../queries/list-traces-of-objects.ts";
import { listClosedTimes } from "./closed-times.ts";
import type { FlowLinks } from "./flow-links.ts";
import { foldEvents } from "./fold-events.ts";
import { toJourneyLegs } from "./leg-history.ts";
import { addMilestones, type MilestoneFinder } from "./milestones.ts";
import { toObjectGraph } from "./object-graph.ts";
import { listMatchesOfObjects } from "../matches/matches-of-objects.ts";
import { type Surroundings, walkObjects } from "./walk-objects.ts";
import { toWaterfall } from "./waterfall.ts";

const MAX_SPANS = 500;
const MAX_TRACES = 200;

/** What a journey is put together with. */
export interface JourneyContext {
  reader: StoreReader;
  asker: Asker;
  pack: Pack;
  links: FlowLinks;
  findMilestones: MilestoneFinder;
  now: number;
  /** Only what had arrived and been judged by then; undefined: all there is. */
  asOf: string | undefined;
  workingTimes: LegClock["workingTimes"];
}

/** The journey of one object. Throws `not_found` when nothing that the asker may see tells of it. */
export async function getJourney(context: JourneyContext, object: ObjectKey): Promise<Journey> {
  const { reader, asker, links, asOf } = context;
  const [around, ownLegRows] = await Promise.all([
    walkObjects({ reader, asker, links, asOf }, object),
    listLegRows(context, [object]),
  ]);
  const [contested, otherLegRows, spanRows, foreignSteps, matches] = await Promise.all([
    listContestedEvents(reader, asker, { identities: around.rows, asOf }),
    listLegRows(context, [...around.up, ...around.down]),
    listSpanRows(context, object, around),
    listForeignSteps(reader, asker, { object, asOf }),
    listMatchesOfObjects(context, [object, ...around.up, ...around.down]),
  ]);
  const legRows = [...ownLegRows, ...otherLegRows];
  if (around.rows.length === 0 && legRows.length === 0 && spanRows.length === 0)
    throw new AppError("not_found", `Nothing is known here of ${object.type} ${object.id}.`);
  const events = foldEvents([...around.rows, ...contested]);
  const legs = await forecastLegs({ reader, asker, at: context.now }, toJourneyLegs(legRows, context));
  const { graph, isTruncated } = toObjectGraph({ object, ...around, events, links });
  const [self] = graph.nodes;
  if (!self) throw new AppError("internal", "A journey has its own object.");
  return {
    object: self,
    events: addMilestones(events, context.findMilestones),
    legs,
    matches: matches.items,
    calendars: listClosedTimes(legs, { pack: context.pack, clock: context }),
    spans: toWaterfall(spanRows),
    objects: graph,
    foreignSteps,
    isTruncated: {
      events: around.isTruncated.events,
      objects: around.isTruncated.objects || isTruncated,
      legs: legRows.length >= MAX_LEG_ROWS,
      matches: matches.isTruncated,
      spans: spanRows.length >= MAX_SPANS,
    },
  };
}

async function listLegRows({ reader, asker, links, pack, asOf }: JourneyContext, objects: readonly ObjectKey[]) {
  const instances = objects.filter(({ type }) => links.anchors.has(type)).slice(0, MAX_OBJECTS_ASKED);
  return listLegHistory(reader, asker, { instances, flows: [...pack.flows.keys()], asOf });
}

async function listSpanRows({ reader, asker, asOf }: JourneyContext, object: ObjectKey, around: Surroundings) {
  const named = await listTracesOfObjects(
    reader,
    asker,
    [object, ...around.up, ...around.down].slice(0, MAX_OBJECTS_ASKED),
  );
  const carried = around.rows.map((row) => row.trace_id).filter((traceId) => traceId !== "");
  const traceIds = [...new Set([...named, ...carried])].slice(0, MAX_TRACES);
  return listSpans(reader, asker, { traceIds, limit: MAX_SPANS, asOf });
}
