import { createRoute } from "@hono/zod-openapi";
import { overview, overviewQuery } from "../contract/overview.ts";
import { toFlowSummaries } from "../figures/flow-summary.ts";
import { toFreshness } from "../figures/freshness.ts";
import { toLegCounts } from "../figures/leg-counts.ts";
import { answersWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { toHref } from "../http/href.ts";
import { countLegs } from "../queries/count-legs.ts";
import { areFeedsKnown } from "../queries/find-feed-history.ts";
import { findProjectionLag } from "../queries/find-projection-lag.ts";
import { listSources } from "../queries/list-sources.ts";
import { sumThroughput } from "../queries/sum-throughput.ts";
import { endAt, toInstant, toMoment, toWholeHours } from "../queries/time-range.ts";

const STANDING = ["OPEN", "AT_RISK", "PAUSED", "OVERDUE_PROVISIONAL", "UNKNOWN"] as const;

const route = createRoute({
  method: "get",
  path: "/overview",
  summary: "What stands where",
  description:
    "Counts of legs by flow, leg and verdict in whole hours of the range, throughput, and how current all of it is. As of an earlier moment all of it is that of then.",
  tags: ["Overview"],
  middleware: requireRole(...READING_ROLES),
  request: { query: overviewQuery },
  responses: answersWith(overview, "What stands where."),
});

export function addOverviewRoutes(app: ApiApp, { reader, pack, configurations, hasReconciler, now }: ApiDeps) {
  app.openapi(route, async (c) => {
    const { from, to, ...filter } = c.req.valid("query");
    const asker = toAsker(c);
    const { asOf } = filter;
    const time = toMoment(asOf, now);
    const range = toWholeHours({ from, to }, time);
    const arrival = asOf === undefined ? range : endAt(range, time);
    const { site, domain } = filter;
    const isThen = asOf !== undefined;
    const agreed = await configurations.find(asker, asOf);
    const ruleOf = !isThen || (await areFeedsKnown(reader, asker, time)) ? agreed?.ruleOf : undefined;
    const [legs, standing, throughput, sources, projection, reconciler] = await Promise.all([
      countLegs(reader, asker, { ...filter, range }),
      countLegs(reader, asker, { ...filter, verdict: STANDING }),
      sumThroughput(reader, asker, { site, domain, range: arrival }),
      ruleOf ? listSources(reader, asker, { filter: { site, domain }, ruleOf, now: time, isThen }) : undefined,
      findProjectionLag(reader, asker, { projector: "legs", now: time, isThen }),
      !isThen && hasReconciler ? findProjectionLag(reader, asker, { projector: "reconciler", now: time }) : null,
    ]);
    const { open, atRisk, overdue, unknown } = toLegCounts(standing, filter);
    const accepted = throughput.points.reduce((sum, point) => sum + point.accepted, 0);
    return c.json(
      {
        range,
        asOf: toInstant(time),
        counts: toLegCounts(legs, { ...filter, range }),
        standing: { open, atRisk, overdue, unknown },
        flows: toFlowSummaries(pack, legs, { ...filter, range }),
        throughput: {
          ...throughput,
          total: { value: accepted, href: toHref("/sources", { site, domain, asOf, ...arrival }) },
        },
        freshness: sources ? toFreshness(sources, { site, domain, asOf }) : null,
        projection,
        reconciler,
      },
      200,
    );
  });
}
