import type { Pack } from "@throughline/schemas/pack/flow";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { AppError } from "@throughline/schemas/error";
import type { LegStory } from "../contract/leg-story.ts";
import { forecastLegs } from "../figures/forecast-legs.ts";
import { toJourneyHref } from "../http/href.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { EventRow } from "../queries/event-row.ts";
import { findCurrentLegs } from "../queries/find-current-legs.ts";
import { type LegClock, type LegKeyRow, toLegKeyText, toLegVerdict } from "../queries/leg-row.ts";
import { listEventsAt } from "../queries/list-events-at.ts";
import { listExcuseVersions } from "../queries/list-excuse-versions.ts";
import { listRuleVersions } from "../queries/list-rule-versions.ts";
import { listVerdictsOfLeg, MAX_VERDICTS, type VerdictRow } from "../queries/list-verdicts-of-leg.ts";
import type { FlowLinks } from "./flow-links.ts";
import { findCause, isUndone, listNewEnds } from "./leg-causes.ts";
import { isRecounted } from "./leg-quantities.ts";
import { toPlainStep } from "./leg-changes.ts";
import { listLegRules } from "./leg-rules.ts";
import { listWindowIds } from "./leg-windows.ts";
import type { MilestoneFinder } from "./milestones.ts";
import { walkObjects } from "./walk-objects.ts";

/** Greater than any batch. */
const NO_CEILING = "18446744073709551615";

interface StoryContext {
  reader: StoreReader;
  asker: Asker;
  pack: Pack;
  links: FlowLinks;
  findMilestones: MilestoneFinder;
  clock: LegClock;
}

/** A leg with every verdict that was given of it up to a moment. Throws `not_found` when the asker may see none. */
export async function getLegStory(
  context: StoryContext,
  { key, asOf }: { key: LegKeyRow; asOf: string | undefined },
): Promise<LegStory> {
  const { reader, asker } = context;
  const [rows, newest] = await Promise.all([
    listVerdictsOfLeg(reader, asker, { key, asOf }),
    findCurrentLegs(reader, asker, { keys: [key], ceiling: NO_CEILING, asOf }),
  ]);
  const current = newest.get(toLegKeyText(key));
  // The newest verdict decides whom a leg belongs to: who sees older ones only has lost it to another site.
  if (current === undefined || current.batch_text !== rows.at(-1)?.batch_text)
    throw new AppError("not_found", `Nothing is known here of ${key.leg} of ${key.instance_id}.`);
  const versions = [...new Set(rows.map((row) => row.rule_version))];
  // Windows of the whole group move legs of every site: whoever sees such a leg is told why.
  const unscoped = { ...asker, scope: EVERYTHING };
  const [atEnds, around, windows, stored] = await Promise.all([
    listEnds(context, rows),
    listAround(context, { key, rows, asOf }),
    listExcuseVersions(reader, unscoped, { ids: listWindowIds(rows), asOf }),
    listRuleVersions(reader, asker, { flow: key.flow, versions, asOf }),
  ]);
  const sources = {
    flow: context.pack.flows.get(key.flow),
    atEnds: new Map(atEnds.map((event) => [`${event.log}:${event.position_text}`, event])),
    around,
    windows: Map.groupBy(windows, ({ id }) => id),
    scope: asker.scope,
    findMilestones: context.findMilestones,
  };
  const plain = toLegVerdict(current, context.clock);
  const [leg] = await forecastLegs({ reader, asker, at: context.clock.now }, [plain]);
  return {
    leg: { ...plain, forecast: leg?.forecast ?? null, href: toJourneyHref(plain.instance) },
    rules: listLegRules(rows, { stored, current: context.pack.ruleVersions.get(key.flow) }),
    steps: rows.map((row, index) => {
      const before = rows[index - 1];
      return Object.assign(toPlainStep(row, before), { cause: findCause(before, row, sources) });
    }),
    isTruncated: rows.length >= MAX_VERDICTS,
  };
}

function listEnds({ reader, asker }: StoryContext, rows: readonly VerdictRow[]): Promise<EventRow[]> {
  const places = rows.flatMap((row, index) => listNewEnds(rows[index - 1], row));
  const distinct = new Map(places.map((place) => [`${place.log}:${place.position}`, place]));
  return listEventsAt(reader, asker, [...distinct.values()]);
}

/** The events of the instance, read only where one of them must have taken something back. */
async function listAround(
  context: StoryContext,
  { key, rows, asOf }: { key: LegKeyRow; rows: readonly VerdictRow[]; asOf: string | undefined },
): Promise<EventRow[]> {
  const flow = context.pack.flows.get(key.flow);
  const isAsked = (before: VerdictRow | undefined, row: VerdictRow) =>
    isUndone(before, row) || isRecounted(before, row, flow);
  if (!rows.some((row, index) => isAsked(rows[index - 1], row))) return [];
  const { reader, asker, links } = context;
  const { rows: around } = await walkObjects(
    { reader, asker, links, asOf },
    { type: key.instance_type, id: key.instance_id },
  );
  return around;
}
