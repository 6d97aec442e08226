import { createRoute } from "@hono/zod-openapi";
import { isUnscoped } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import type { BlindTime } from "../blindness/blind-times.ts";
import { type FeedDetail, feedDetail, feedDetailQuery, feedFindings, findingsQuery } from "../contract/coverage.ts";
import type { TimeRange } from "../contract/figure.ts";
import { countMissing, listDeliveries, toFindings } from "../figures/feed-findings.ts";
import { answersWith, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Asker } from "../queries/ask.ts";
import { toStoreTime } from "../queries/conditions.ts";
import { listBlindTimes } from "../queries/list-blind-times.ts";
import { listFeedFacts } from "../queries/list-feed-facts.ts";
import { listSources } from "../queries/list-sources.ts";
import { toInstant, toMoment, toWholeHours } from "../queries/time-range.ts";

const findingsRoute = createRoute({
  method: "get",
  path: "/sources/findings",
  summary: "What is wrong with the feeds",
  description:
    "Outages, missing sequence numbers, events behind their watermark or from a clock that is ahead, and expected batches that did not come as promised. One outage is one finding.",
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
    const seen = await listSources(reader, asker, { filter: { source }, ruleOf, now, isThen });
    // A source that promised batches and was never heard of belongs to no site: only those who see all are told.
    const promised = isUnscoped(asker.scope) ? pack.sources.filter(({ batches = [] }) => batches.length > 0) : [];
    const wanted = promised.filter((each) => source === undefined || each.source === source);
    const sources = new Set([...seen, ...wanted].map((each) => each.source));
    const bounds = { from: toStoreTime(range.from), to: toStoreTime(range.to) };
    const [facts, times] = await Promise.all([
      listFeedFacts(reader, asker, { sources: [...sources], range, atMs: isThen ? now : undefined }),
      listBlindTimes(reader, asker, { ...bounds, asOf: asOf && toStoreTime(asOf) }),
    ]);
    return {
      facts,
      sources,
      blind: times.filter((time) => sources.has(time.source)),
      deliveries: listDeliveries(facts.trailers, { pack, workingTimes, range, now }).filter((each) =>
        sources.has(each.source),
      ),
    };
  };

  app.openapi(findingsRoute, async (c) => {
    const { asOf, ...asked } = c.req.valid("query");
    const range = toWholeHours(asked, toMoment(asOf, deps.now));
    const { facts, blind, deliveries } = await read(toAsker(c), { range, asOf });
    return c.json({ range, items: toFindings(facts, { blind, deliveries }) }, 200);
  });

  app.openapi(detailRoute, async (c) => {
    const { source, asOf, ...asked } = c.req.valid("query");
    const range = toWholeHours(asked, toMoment(asOf, deps.now));
    const known = await read(toAsker(c), { range, source, asOf });
    if (!known.sources.has(source)) throw new AppError("not_found", `There is no feed ${source}.`);
    return c.json(toDetail(known, { range, source }), 200);
  });
}

function toDetail(
  {
    facts,
    blind,
    deliveries,
  }: {
    facts: Awaited<ReturnType<typeof listFeedFacts>>;
    blind: readonly BlindTime[];
    deliveries: ReturnType<typeof listDeliveries>;
  },
  { range, source }: { range: TimeRange; source: string },
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
    clockAhead: facts.clockAhead[0]?.count ?? 0,
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
