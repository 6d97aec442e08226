import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import { flowDetail, flowList, flowsQuery, type LegHour } from "../contract/flow.ts";
import { toFlowSummaries, toFlowSummary } from "../figures/flow-summary.ts";
import { COLUMN_OF } from "../figures/leg-counts.ts";
import { answersWith, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { countLegHours, type LegHourRow, MAX_HOUR_ROWS } from "../queries/count-leg-hours.ts";
import { countLegs } from "../queries/count-legs.ts";
import { toMoment, toWholeHours } from "../queries/time-range.ts";

const listRoute = createRoute({
  method: "get",
  path: "/flows",
  summary: "All flows",
  tags: ["Flows"],
  middleware: requireRole(...READING_ROLES),
  request: { query: flowsQuery },
  responses: answersWith(flowList, "All flows, the worst first."),
});

const detailRoute = createRoute({
  method: "get",
  path: "/flows/{flow}",
  summary: "A flow as configured, hour by hour",
  tags: ["Flows"],
  middleware: requireRole(...READING_ROLES),
  request: { params: z.object({ flow: z.string().max(64) }), query: flowsQuery },
  responses: findsWith(flowDetail, "A flow with its counts."),
});

export function addFlowRoutes(app: ApiApp, { reader, pack, now }: ApiDeps) {
  app.openapi(listRoute, async (c) => {
    const { from, to, ...filter } = c.req.valid("query");
    const range = toWholeHours({ from, to }, toMoment(filter.asOf, now));
    const rows = await countLegs(reader, toAsker(c), { ...filter, range });
    return c.json({ range, items: toFlowSummaries(pack, rows, { ...filter, range }) }, 200);
  });

  app.openapi(detailRoute, async (c) => {
    const definition = pack.flows.get(c.req.valid("param").flow);
    if (!definition) throw new AppError("not_found", `There is no flow ${c.req.valid("param").flow}.`);
    const { from, to, ...filter } = c.req.valid("query");
    const range = toWholeHours({ from, to }, toMoment(filter.asOf, now));
    const within = { ...filter, flow: [definition.id], range };
    const [rows, hours] = await Promise.all([
      countLegs(reader, toAsker(c), within),
      countLegHours(reader, toAsker(c), within),
    ]);
    return c.json(
      {
        range,
        definition,
        ruleVersion: pack.ruleVersions.get(definition.id) ?? "",
        summary: toFlowSummary(definition, rows, within),
        hours: toLegHours(hours),
        isTruncated: hours.length >= MAX_HOUR_ROWS,
      },
      200,
    );
  });
}

function toLegHours(rows: readonly LegHourRow[]): LegHour[] {
  const hours = new Map<string, LegHour>();
  for (const { hour, leg, verdict, legs } of rows) {
    const key = `${hour} ${leg}`;
    const known = hours.get(key) ?? {
      at: hour,
      leg,
      open: 0,
      atRisk: 0,
      breached: 0,
      overdue: 0,
      met: 0,
      unknown: 0,
      others: 0,
    };
    known[COLUMN_OF[verdict]] += legs;
    hours.set(key, known);
  }
  return [...hours.values()];
}
