import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type Leg, legPage, type LegsQuery, legsQuery } from "../contract/leg.ts";
import { answersWithList } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { toJourneyHref } from "../http/href.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { forecastLegs } from "../figures/forecast-legs.ts";
import { rankLegs } from "../figures/rank-legs.ts";
import { listLegs } from "../queries/list-legs.ts";
import { assertOrdered, toMoment } from "../queries/time-range.ts";

const BREACHED = ["BREACHED", "OVERDUE_PROVISIONAL"] as const;

const legsRoute = createRoute({
  method: "get",
  path: "/legs",
  summary: "Legs with their current verdict",
  description:
    "By the time that dates the verdict: when it ended, else when it should have, else when it began. All pages show the legs as they stood when the first was read.",
  tags: ["Legs"],
  middleware: requireRole(...READING_ROLES),
  request: { query: legsQuery },
  responses: answersWithList(legPage, "Legs with their current verdict."),
});

const breachesRoute = createRoute({
  method: "get",
  path: "/breaches",
  summary: "Legs that are late",
  description: "As `/legs`, of the verdicts BREACHED and OVERDUE_PROVISIONAL unless others are asked for.",
  tags: ["Legs"],
  middleware: requireRole(...READING_ROLES),
  request: { query: legsQuery },
  responses: answersWithList(legPage, "Legs that are late."),
});

const COLUMNS: readonly Column<Leg>[] = [
  { name: "flow", kind: "text", read: (leg) => leg.flow },
  { name: "leg", kind: "text", read: (leg) => leg.leg },
  { name: "instance_type", kind: "text", read: (leg) => leg.instance.type },
  { name: "instance_id", kind: "text", read: (leg) => leg.instance.id },
  { name: "occurrence", kind: "integer", read: (leg) => leg.occurrence },
  { name: "verdict", kind: "text", read: (leg) => leg.verdict },
  { name: "started_at", kind: "time", read: (leg) => leg.startedAt },
  { name: "ended_at", kind: "time", read: (leg) => leg.endedAt },
  { name: "due_at", kind: "time", read: (leg) => leg.dueAt },
  { name: "at_risk_at", kind: "time", read: (leg) => leg.atRiskAt },
  { name: "elapsed_ms", kind: "integer", read: (leg) => leg.elapsedMs },
  { name: "budget_ms", kind: "integer", read: (leg) => leg.budgetMs },
  { name: "site", kind: "text", read: (leg) => leg.site },
  { name: "domain", kind: "text", read: (leg) => leg.domain },
  { name: "criticality", kind: "text", read: (leg) => leg.criticality },
  { name: "supplier", kind: "text", read: (leg) => leg.supplier },
  { name: "flags", kind: "text", read: (leg) => leg.flags.join(" ") },
  { name: "reason", kind: "text", read: (leg) => leg.reason },
  { name: "rule_version", kind: "text", read: (leg) => leg.ruleVersion },
  { name: "chance", kind: "number", read: (leg) => leg.forecast?.chance ?? null },
  { name: "chance_n", kind: "integer", read: (leg) => leg.forecast?.n ?? null },
  { name: "evaluated_at", kind: "time", read: (leg) => leg.evaluatedAt },
];

export function addLegRoutes(app: ApiApp, deps: ApiDeps) {
  app.openapi(legsRoute, (c) => respondWithLegs(c, deps, { name: "legs", query: c.req.valid("query") }));
  app.openapi(breachesRoute, (c) => {
    const query = c.req.valid("query");
    return respondWithLegs(c, deps, { name: "breaches", query: { ...query, verdict: query.verdict ?? [...BREACHED] } });
  });
}

function respondWithLegs(
  c: Context<ApiEnv>,
  { reader, exports, workingTimes, now }: ApiDeps,
  list: { name: string; query: LegsQuery },
) {
  const { limit: _limit, cursor: _cursor, format: _format, ...filter } = list.query;
  assertOrdered(filter);
  const time = toMoment(filter.asOf, now);
  const asker = toAsker(c);
  const findPage = (paging: { limit: number; cursor: string | undefined }) => {
    const question = { ...paging, clock: { now: time, workingTimes } };
    const { chanceBelow, order, ...rest } = filter;
    if (chanceBelow !== undefined || order === "least-likely") return rankLegs(reader, asker, { filter, ...question });
    return listLegs(reader, asker, { filter: { ...rest, order }, ...question }).then(async ({ items, nextCursor }) => ({
      items: await forecastLegs({ reader, asker, at: time }, items),
      nextCursor,
    }));
  };
  return respondWithList(c, exports, {
    ...list,
    columns: COLUMNS,
    findPage: async (paging) => {
      const { items, nextCursor } = await findPage(paging);
      return { items: items.map((leg): Leg => Object.assign(leg, { href: toJourneyHref(leg.instance) })), nextCursor };
    },
  });
}
