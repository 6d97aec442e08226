import { createRoute, type z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { matchDetail, matchesQuery, matchItem, matchPage, matchQuery } from "../contract/match.ts";
import {
  matchPath,
  matchSummary,
  matchSummaryQuery,
  workAcceptance,
  workApproval,
  workChange,
  workLog,
} from "../contract/match-work.ts";
import { answersWith, answersWithList, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import { respondWithList } from "../http/list-response.ts";
import { type WorkRequest, type WorkVerb, changeWork } from "../matches/change-work.ts";
import { getMatch } from "../matches/get-match.ts";
import { listMatches } from "../matches/list-matches.ts";
import { parseMatchId } from "../matches/match-id.ts";
import { summarizeMatches } from "../matches/summarize-matches.ts";
import { assertOrdered, toMoment } from "../queries/time-range.ts";
import { MATCH_LIST_COLUMNS } from "./match-columns.ts";

const TAGS = ["Matching"];

const listRoute = createRoute({
  method: "get",
  path: "/matches",
  summary: "Invoices matched with orders and receipts",
  description:
    "The current results, the latest entered first: of invoices as a whole, of their lines on each order line, and of order lines themselves. `from` and `to` bound the time of entry. All pages show the results as they stood when the first was read. With `state`, `owner` or `sort`: those that need work, as they stand when their page is read.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { query: matchesQuery },
  responses: answersWithList(matchPage, "Results of matching."),
});

const summaryRoute = createRoute({
  method: "get",
  path: "/matches/summary",
  summary: "What there is to do about matches",
  description:
    "Results that need work by state, those with something left to do by owner and by each of their codes, with what they keep from being paid; and all results by outcome.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { query: matchSummaryQuery },
  responses: answersWith(matchSummary, "Counts, each with the list of what it counts, and money by currency."),
});

const detailRoute = createRoute({
  method: "get",
  path: "/matches/{id}",
  summary: "A match with how it came about",
  description:
    "The documents that were looked at with their units and factors, every test that was made with its limit, all results that were given, and what was done about it.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { params: matchPath, query: matchQuery },
  responses: findsWith(matchDetail, "The match."),
});

const CONFLICT = { description: "It no longer stands as it was seen; `code` is `conflict`." };

function toWorkRoute<Verb extends WorkVerb, Body extends z.ZodType>(
  verb: Verb,
  body: Body,
  [summary, description]: readonly [summary: string, description: string],
) {
  return createRoute({
    method: "post",
    path: `/matches/{id}/${verb}`,
    summary,
    description,
    tags: TAGS,
    middleware: requireRole("operator"),
    request: { params: matchPath, body: { required: true, content: { "application/json": { schema: body } } } },
    responses: { ...findsWith(matchItem, "The match as it stands now."), 409: CONFLICT },
  });
}

const takeRoute = toWorkRoute("take", workChange, [
  "Take a match",
  "From then on it is in work, by who takes it; from whoever had it before.",
]);
const releaseRoute = toWorkRoute("release", workChange, ["Give a match back", "It is open again."]);
const logRoute = toWorkRoute("log", workLog, [
  "Log time that was spent on a match",
  "As often as there is something to log, also when it is resolved.",
]);
const acceptRoute = toWorkRoute("accept", workAcceptance, [
  "Accept that a match differs",
  "What the rules say stays as it is. Beyond the limit of its currency a second person has to approve. Another difference voids it.",
]);
const approveRoute = toWorkRoute("approve", workApproval, [
  "Approve that a match was accepted",
  "Refused with the code `second_person_required` for who accepted it.",
]);
const withdrawRoute = toWorkRoute("withdraw", workChange, [
  "Take an acceptance back, or refuse it",
  "It is in work again, or open where nobody has it.",
]);

export function addMatchRoutes(app: ApiApp, deps: ApiDeps) {
  addReadingRoutes(app, deps);
  const change = async (c: Context<ApiEnv>, verb: WorkVerb, given: { id: string; request: WorkRequest }) => {
    const { storeMatchAct: store, audit, reader, pack, now } = deps;
    const [actor, requestId] = [c.get("principal"), c.get("requestId")];
    const context = { reader, asker: toAsker(c), pack, now: now(), store, audit, actor, requestId };
    const item = await changeWork(context, { slot: parseMatchId(given.id), verb, request: given.request });
    return c.json(item, 200);
  };
  app.openapi(takeRoute, (c) => change(c, "take", { ...c.req.valid("param"), request: c.req.valid("json") }));
  app.openapi(releaseRoute, (c) => change(c, "release", { ...c.req.valid("param"), request: c.req.valid("json") }));
  app.openapi(logRoute, (c) => change(c, "log", { ...c.req.valid("param"), request: c.req.valid("json") }));
  app.openapi(acceptRoute, (c) => change(c, "accept", { ...c.req.valid("param"), request: c.req.valid("json") }));
  app.openapi(approveRoute, (c) => change(c, "approve", { ...c.req.valid("param"), request: c.req.valid("json") }));
  app.openapi(withdrawRoute, (c) => change(c, "withdraw", { ...c.req.valid("param"), request: c.req.valid("json") }));
}

function addReadingRoutes(app: ApiApp, { reader, exports, pack, now }: ApiDeps) {
  app.openapi(listRoute, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, sort, ...filter } = query;
    assertOrdered(filter);
    const { asOf } = filter;
    const reading = { reader, asker: toAsker(c), pack, asOf, now: toMoment(asOf, now) };
    return respondWithList(c, exports, {
      name: "matches",
      query,
      columns: MATCH_LIST_COLUMNS,
      findPage: (paging) => listMatches(reading, { filter, sort, ...paging }),
    });
  });
  app.openapi(summaryRoute, async (c) =>
    c.json(await summarizeMatches({ reader, asker: toAsker(c), pack }, c.req.valid("query")), 200),
  );
  app.openapi(detailRoute, async (c) => {
    const { asOf } = c.req.valid("query");
    const reading = { reader, asker: toAsker(c), pack, asOf, now: toMoment(asOf, now) };
    return c.json(await getMatch(reading, parseMatchId(c.req.valid("param").id)), 200);
  });
}
