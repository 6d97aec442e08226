import { createRoute } from "@hono/zod-openapi";
import { isUnscoped } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import { type FeedDetail, feedDetail, feedDetailQuery, feedFindings, findingsQuery } from "../contract/coverage.ts";
import type { TimeRange } from "../contract/figure.ts";
import { countMissing, type FeedCircumstances, listDeliveries, toFindings } from "../figures/feed-findings.ts";
import { answersWith, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Asker } from "../queries/ask.ts";
import { toStoreTime } from "../queries/conditions.ts";
import { countClockAhead } from "../queries/count-clock-ahead.ts";
import { listBlindTimes } from "../queries/list-blind-times.ts";
import { type FeedFacts, listFeedFacts } from "../queries/list-feed-facts.ts";
import { listLogGaps } from "../queries/list-log-gaps.ts";
import { listSources } from "../queries/list-sources.ts";
import { toInstant, toMoment, toWholeHours } from "../queries/time-range.ts";

const findingsRoute = createRoute({
  method: "get",
  path: "/sources/findings",
  summary: "What is wrong with the feeds",
  description:
    "Outages, missing sequence numbers, events behind their watermark or from a clock that is ahead, expected batches that did not come as promised, and gaps in the logs that feeds come by. One outage is one finding.",
  tags: ["Coverage"],
  middleware: requireRole(...READING_ROLES),
  request: { query: findingsQuery },
  responses: answersWith(feedFindings, "What is or was wrong in the range."),
});

const detailRoute = createRoute({
  method: "get",
  path: "/sources/detail",
  summary: "How a feed is covered",
  tags: ["Coverage"],
  middleware: requireRole(...READING_ROLES),
  request: { query: feedDetailQuery },
  responses: findsWith(feedDetail, "Blind windows, missing numbers and batches of a feed."),
});

interface FeedsAsked {
  range: TimeRange;
  source?: string;
  /** The moment whose knowledge is asked for; undefined: now. */
  asOf: string | undefined;
}

export function addCoverageRoutes(app: ApiApp, deps: ApiDeps) {
  /** The feeds that the asker may see, and all that is known of them in a range. */
  const read = async (asker: Asker, { range, source, asOf }: FeedsAsked) => {
    const { reader, configurations } = deps;
    const pack = await configurations.get(asker, asOf);
    const { ruleOf, workingTimes } = pack;
    const now = toMoment(asOf, deps.now);
    const isThen = asOf !== undefined;
    const atMs = isThen ? now : undefined;
    const [seen, ahead] = await Promise.all([
      listSources(reader, asker, { filter: { source }, ruleOf, now, isThen }),
      countClockAhead(reader, asker, { source, range, atMs }),
    ]);
    // What was never accepted belongs to no site, neither promised batches nor refused events: only those who see all are told.
    const seesAll = isUnscoped(asker.scope);
    const promised = seesAll ? pack.sources.filter(({ batches = [] }) => batches.length > 0) : [];
    const wanted = promised.filter((each) => source === undefined || each.source === source);
    const sources = new Set([...seen, ...wanted, ...(seesAll ? ahead : [])].map((each) => each.source));
    const bounds = { from: toStoreTime(range.from), to: toStoreTime(range.to) };
    const [facts, times, logGaps] = await Promise.all([
      listFeedFacts(reader, asker, { sources: [...sources], range, atMs }),
      listBlindTimes(reader, asker, { ...bounds, asOf: asOf && toStoreTime(asOf) }),
      source === undefined ? listLogGaps(reader, asker, { now, isThen }) : [],
    ]);
    const acceptedAt = new Map(seen.map((each) => [each.source, Date.parse(each.lastArrivedAt)]));
    const isShown = (each: { source: string }) => sources.has(each.source);
    return {
      facts,
      sources,
      circumstances: {
        blind: times.filter(isShown),
        deliveries: listDeliveries(facts.trailers, { pack, workingTimes, range, now }).filter(isShown),
        clockAhead: ahead.filter(isShown),
        logGaps,
        acceptedAt: (name: string) => acceptedAt.get(name),
        range,
        now,
      },
    };
  };

  app.openapi(findingsRoute, async (c) => {
    const { asOf, ...asked } = c.req.valid("query");
    const range = toWholeHours(asked, toMoment(asOf, deps.now));
    const { facts, circumstances } = await read(toAsker(c), { range, asOf });
    return c.json({ range, items: toFindings(facts, circumstances) }, 200);
  });

  app.openapi(detailRoute, async (c) => {
    const { source, asOf, ...asked } = c.req.valid("query");
    const range = toWholeHours(asked, toMoment(asOf, deps.now));
    const known = await read(toAsker(c), { range, source, asOf });
    if (!known.sources.has(source)) throw new AppError("not_found", `There is no feed ${source}.`);
    return c.json(toDetail(known.facts, { ...known.circumstances, source }), 200);
  });
}

function toDetail(
  facts: FeedFacts,
  { blind, deliveries, clockAhead, range, source }: FeedCircumstances & { source: string },
): FeedDetail {
  const optional = (time: number | undefined) => (time === undefined ? null : toInstant(time));
  const [behind] = facts.behind;
  return {
    range,
    source,
    blind: blind.map(({ from, until }) => ({ from: toInstant(from), until: optional(until) })),
    gaps: facts.gaps.map(({ epoch, first, last, state, noticed_at: noticedAt }) => ({
      epoch,
      first,
      last,
      noticedAt,
      isFollowed: state === "open",
    })),
    missing: countMissing(facts.gaps),
    behind: { count: behind?.count ?? 0, mostMs: behind?.most_ms ?? 0 },
    clockAhead: clockAhead[0]?.count ?? 0,
    batches: deliveries.map(({ name, day, dueAt, arrivedAt, rows, trailers, faults }) => ({
      name,
      day,
      trailers,
      faults,
      dueAt: toInstant(dueAt),
      arrivedAt: optional(arrivedAt),
      rows: rows ?? null,
    })),
  };
}
