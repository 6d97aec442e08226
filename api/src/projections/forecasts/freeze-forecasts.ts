import type { ClickHouseClient } from "@clickhouse/client";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type ForecastCurve, fitForecasts } from "../../forecasts/fit-forecasts.ts";
import { openSourceBook } from "../engine/open-source-book.ts";
import { createFeedRules } from "../feeds/feed-rule.ts";
import { toFlowModels } from "../legs/flow-model.ts";
import { countCohorts } from "./count-cohorts.ts";
import {
  type ForecastDay,
  type ForecastPlan,
  type ForecastSteps,
  createForecastSteps,
  toForecastToken,
} from "./forecast-steps.ts";
import { findCaughtUpStep, listLearnableFlows, planForecast } from "./plan-forecast.ts";

/** Curves of one flow on one day; of more, those with the most legs are kept. */
const MAX_CURVES = 20_000;

/** Steps that a crash interrupted are finished when they are not older. */
const REPEAT_DAYS = 7;
const DAY_MS = 86_400_000;

/** Freezes the curves of each flow once a day. */
export interface Forecaster {
  /** Freezes what is due and finishes what was interrupted. Returns the flows whose curves are now stored. */
  freezeDue: () => Promise<string[]>;
}

/** Works with the store alone: what was frozen before, and by whom, it reads there. */
export function createForecaster(options: { client: ClickHouseClient; pack: Pack; now: () => number }): Forecaster {
  const { client, pack, now } = options;
  const steps = createForecastSteps(client);
  const workingTimes = createWorkingTimes(pack.calendars);
  const models = toFlowModels(pack);
  const freeze = async (of: ForecastDay, plan: ForecastPlan) => {
    await insertCurves(client, of, await fitFlow(client, { flow: of.flow, plan, workingTimes }));
    await steps.commit(of, plan);
    return of.flow;
  };
  return {
    freezeDue: async () => {
      const time = now();
      const day = toDay(time);
      const known = await steps.list(toDay(time - REPEAT_DAYS * DAY_MS));
      const frozen: string[] = [];
      for (const step of known) if (!step.isDone) frozen.push(await freeze(step, step.plan));
      const begun = new Set(known.filter((step) => step.day === day).map(({ flow }) => flow));
      const due = models.filter(({ id }) => !begun.has(id));
      for (const { of, plan } of await planDue({ client, pack, steps }, { due, day, time }))
        frozen.push(await freeze(of, plan));
      return frozen;
    },
  };
}

async function planDue(
  { client, pack, steps }: { client: ClickHouseClient; pack: Pack; steps: ForecastSteps },
  { due, day, time }: { due: ReturnType<typeof toFlowModels>; day: string; time: number },
): Promise<{ of: ForecastDay; plan: ForecastPlan }[]> {
  const learnable = due.length === 0 ? [] : await listLearnableFlows(client, time);
  const wanted = due.filter(({ id }) => learnable.includes(id));
  const caughtUp = wanted.length === 0 ? undefined : await findCaughtUpStep(client, time);
  if (caughtUp === undefined) return [];
  const ruleOf = createFeedRules(pack.sources, createWorkingTimes(pack.calendars));
  const sources = await openSourceBook(client, { ruleOf, before: caughtUp.ceiling + 1 });
  const planned: { of: ForecastDay; plan: ForecastPlan }[] = [];
  for (const model of wanted) {
    const flow = pack.flows.get(model.id);
    if (!flow) continue;
    const of = { flow: model.id, day };
    const plan = planForecast({ pack, flow, model }, { now: time, caughtUp, sources });
    await steps.begin(of, plan);
    planned.push({ of, plan });
  }
  return planned;
}

/** The curves of a flow, leg by leg. Nothing but the plan and the stored verdicts has a say in them. */
async function fitFlow(
  client: ClickHouseClient,
  of: { flow: string; plan: ForecastPlan; workingTimes: ReturnType<typeof createWorkingTimes> },
): Promise<ForecastCurve[]> {
  const { flow, plan, workingTimes } = of;
  const curves: ForecastCurve[] = [];
  for (const [leg, { calendars, ...known }] of Object.entries(plan.legs))
    for (const calendar of calendars) {
      const working = workingTimes.get(calendar);
      if (calendar !== "" && !working) continue;
      const { ceiling, since, frozenAt } = plan;
      const question = { flow, leg, calendar, working, ceiling, since, frozenAt, ...known };
      curves.push(...fitForecasts(await countCohorts(client, question)));
    }
  return curves.toSorted((a, b) => (b.like[0] ?? 0) - (a.like[0] ?? 0)).slice(0, MAX_CURVES);
}

async function insertCurves(client: ClickHouseClient, of: ForecastDay, curves: readonly ForecastCurve[]) {
  if (curves.length === 0) return;
  await client.insert({
    table: "leg_forecasts",
    values: curves.map(({ like, late, ...group }) => ({
      ...group,
      day: of.day,
      legs: like,
      late: late.map((chance) => Number(chance.toFixed(6))),
    })),
    format: "JSONEachRow",
    clickhouse_settings: {
      insert_deduplication_token: toForecastToken(of, "curves"),
      input_format_parallel_parsing: 0,
    },
  });
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
