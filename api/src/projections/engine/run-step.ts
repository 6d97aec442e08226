import type { ClickHouseClient } from "@clickhouse/client";
import { toIdentity } from "../fact.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import { findLeg } from "../legs/leg-model.ts";
import type { Watermark } from "../legs/leg-state.ts";
import { toSlot } from "../legs/leg-row.ts";
import { advanceLeg } from "../legs/advance-leg.ts";
import { type Contested, identifyArrivals, insertContests } from "./contests.ts";
import { type Evaluation, evaluateFlow } from "./evaluate-flow.ts";
import { type FeedChanges, observeFeeds } from "./feed-changes.ts";
import { insertFeedRows } from "./feed-rows.ts";
import { LEGS, type Outcome, type Plan } from "./leg-plan.ts";
import { insertLegChanges } from "./leg-store.ts";
import type { BusinessObject } from "./links.ts";
import type { ProjectorState } from "./projector-state.ts";
import { findLeast } from "./source-book.ts";
import type { ArrivedFact } from "./read-facts.ts";
import { rememberObjects } from "./remember-objects.ts";
import { createRollupChanges, insertRollups } from "./rollups.ts";
import { insertSourceRows } from "./source-rows.ts";
import type { Deferred, Step } from "./steps.ts";
import { type Crossed, findCrossed } from "./crossed-legs.ts";
import { insertUnitUses, findUnitUses, listRestated } from "./unit-uses.ts";
import { insertWindowUses } from "./window-rows.ts";
import { type AddedLink, type Arrivals, collectLinks, findTouched, isOfShard, listGrown } from "./touch.ts";

const MAX_DUE = 10_000;
const NO_INSTANCES: ReadonlySet<string> = new Set();

/** Carries out one step: reads what its plan names, evaluates what that touches and what is due, and stores the changes. */
export async function runStep(
  state: ProjectorState,
  step: Step,
  { plan, facts }: { plan: Plan; facts: readonly ArrivedFact[] },
): Promise<Outcome> {
  const { client } = state;
  const { knownBefore, firstNamed } = rememberObjects(facts, state.seenObjects, state.isLinkable);
  state.links.addNew(firstNamed.values());
  const added = collectLinks(state.models, { facts, knownBefore }, state.links);
  const [identified] = await Promise.all([
    identifyArrivals(client, facts, { seen: state.seenIdentities, until: plan.cursors }),
    insertLinks(client, added, { step, token: toToken(state, step, "links") }),
    state.itemUnits.insertStated(
      facts.map(({ fact }) => fact),
      toToken(state, step, "item-units"),
    ),
  ]);
  for (const { contest, statements } of identified.contested) {
    for (const fact of statements.slice(0, 1)) state.contested.set(toIdentity(fact), contest);
    state.links.suspect(statements.flatMap(({ objects }) => objects));
  }
  state.sources.restore(plan.feeds);
  const feeds = observeFeeds(state.sources, { facts, standings: identified.standings }, plan.silences);

  state.windows.apply(plan.windows);
  const { models } = state;
  const crossed = await findCrossed(client, plan.touches, { models, carried: plan.carried, before: step.batch });

  const restated = await findUses(state, step, { plan, facts, contested: identified.contested });

  const evaluation = createEvaluation(state, { step, plan, firstNamed });
  const arrivals = { facts, ...identified, knownBefore, deferred: plan.deferred };
  const deferred: Deferred[] = [];
  for (const model of models)
    deferred.push(
      ...(await evaluateTouched(model, arrivals, { state, evaluation, added, again: [crossed, restated] })),
    );
  advanceDue(state, evaluation, plan);
  await store(state, { evaluation, arrivals, feeds, windows: plan.windows });
  const newSenders = new Set(feeds.newTypes.map(({ source }) => source));
  const touches = [...crossed.rest, ...state.windows.listTouches(newSenders)];
  return { cursors: plan.cursors, deferred, touches, restated: restated.rest, readUntil: plan.readUntil ?? step.now };
}

/** What the units of items concern that this step states, or that steps before it left. */
function findUses(
  { client, shard }: ProjectorState,
  step: Step,
  { plan, facts, contested }: { plan: Plan; facts: readonly ArrivedFact[]; contested: readonly Contested[] },
) {
  const stated = [...facts.map(({ fact }) => fact), ...contested.flatMap(({ statements }) => statements)];
  const isMine = (id: string) => isOfShard(shard, id);
  return findUnitUses(client, [...plan.restated, ...listRestated(stated)], { before: step.batch, isMine });
}

async function evaluateTouched(
  model: FlowModel,
  arrivals: Arrivals,
  options: {
    state: ProjectorState;
    evaluation: Evaluation;
    added: readonly AddedLink[];
    again: readonly Pick<Crossed, "instances">[];
  },
): Promise<Deferred[]> {
  const { state, evaluation } = options;
  const grown = listGrown(model, options.added, arrivals);
  const crossed = new Set(options.again.flatMap(({ instances }) => [...(instances.get(model.id) ?? NO_INSTANCES)]));
  const touched = await findTouched(model, arrivals, { index: state.links, grown, crossed, shard: state.shard });
  await evaluateFlow(model, touched, evaluation);
  return touched.deferred;
}

function createEvaluation(
  state: ProjectorState,
  { step, plan, firstNamed }: { step: Step; plan: Plan; firstNamed: ReadonlyMap<string, BusinessObject> },
): Evaluation {
  return {
    client: state.client,
    cache: state.cache,
    snapshots: state.snapshots,
    wakes: state.horizon.wakes,
    step,
    until: plan.cursors,
    context: toContext(state, step, plan),
    contested: state.contested,
    firstNamed,
    itemUnits: state.itemUnits,
    changes: [],
    unitUses: [],
    rollups: createRollupChanges(step.now),
  };
}

function toContext(state: ProjectorState, step: Step, plan: Plan): Evaluation["context"] {
  const { sources } = state;
  const readUntil = plan.readUntil ?? step.now;
  const isBehind = readUntil < step.now;
  const known = new Map<readonly string[], Watermark>();
  const watermark: Evaluation["context"]["watermark"] = (model, milestone, place) => {
    const carriers = sources.listCarriers(model, milestone, place);
    const found = known.get(carriers);
    if (found) return found;
    const each = carriers.map((source) => plan.complete[source] ?? sources.findWatermark(source, readUntil));
    const least = { ...findLeast(each, readUntil), isBehind };
    known.set(carriers, least);
    return least;
  };
  return { now: step.now, watermark, contested: state.contested, windows: state.windows.finder(plan.carried) };
}

/** Advances what has fallen due by the step's own clock, without any history. */
function advanceDue(state: ProjectorState, evaluation: Evaluation, plan: Plan) {
  const { step, context, wakes, changes, rollups } = evaluation;
  const watermarkOf = (source: string) => plan.sourceWatermarks[source] ?? 0;
  for (const row of wakes.takeDue({ now: step.now, watermarkOf }, MAX_DUE)) {
    const model = state.models.find(({ id }) => id === row.flow);
    const leg = model && findLeg(model, row);
    if (!model || !leg) continue;
    const advanced = advanceLeg(row, {
      now: step.now,
      from: context.watermark(model, leg.from, row),
      to: context.watermark(model, leg.to, row),
      skewAllowanceMs: model.skewAllowanceMs,
    });
    wakes.set(advanced, advanced.verdict !== row.verdict);
    state.cache.get(model, row.instanceId)?.current.set(toSlot(row), advanced);
    if (advanced.verdict === row.verdict) continue;
    rollups.add(row, -1);
    rollups.add(advanced, 1);
    changes.push({ row: advanced, isRemoved: false });
  }
}

/** Stores all that a step found, each table by itself; only when all have taken it is the step committed. */
async function store(
  state: ProjectorState,
  results: {
    evaluation: Evaluation;
    arrivals: Pick<Arrivals, "facts" | "standings" | "contested">;
    feeds: FeedChanges;
    windows: Plan["windows"];
  },
) {
  const { client, shard } = state;
  const { evaluation, arrivals, feeds, windows } = results;
  const { step } = evaluation;
  const token = (part: string) => toToken(state, step, part);
  await Promise.all([
    insertLegChanges(client, step, { changes: evaluation.changes, token: token("legs") }),
    insertRollups(client, evaluation.rollups, token("rollups")),
    state.snapshots.insertAdded(step, token("snapshots")),
    insertUnitUses(client, step, { uses: evaluation.unitUses, token: token("unit-uses") }),
    insertWindowUses(client, step, { changes: windows, shard: shard.index, token: token("windows") }),
    ...(shard.index === 0
      ? [
          insertContests(client, step, {
            projector: LEGS,
            contested: arrivals.contested,
            token: token("contests"),
          }),
          insertSourceRows(client, arrivals.facts, {
            step,
            standings: arrivals.standings,
            token: token("sources"),
          }),
          insertFeedRows(client, step, { changes: feeds, token: token("feeds") }),
        ]
      : []),
  ]);
}

async function insertLinks(
  client: ClickHouseClient,
  added: readonly AddedLink[],
  options: { step: Step; token: string },
) {
  if (added.length === 0) return;
  await client.insert({
    table: "object_links",
    values: added.map(({ link, fact }) => ({
      to_type: link.to.type,
      to_id: link.to.id,
      from_type: link.from.type,
      from_id: link.from.id,
      batch: options.step.batch,
      site: fact.site,
      domain: fact.domain,
    })),
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: options.token, input_format_parallel_parsing: 0 },
  });
}

function toToken(state: ProjectorState, step: Step, part: string): string {
  return `${LEGS}:${state.shard.index}/${state.shard.count}:${step.batch}:${part}`;
}
