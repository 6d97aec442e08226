import { createRoute, z } from "@hono/zod-openapi";
import { text } from "@throughline/schemas/text";
import { journey, journeyQuery, journeySearch, journeySearchQuery } from "../contract/journey.ts";
import { answersWith, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { getJourney } from "../journeys/get-journey.ts";
import { toMoment } from "../queries/time-range.ts";
import { searchJourneys } from "../journeys/search-journeys.ts";

const searchRoute = createRoute({
  method: "get",
  path: "/journeys",
  summary: "What a business key leads to",
  description:
    "Objects of any type and flow whose id is the key, or begins with it; where there are none, those whose id contains it. A trace id leads to its trace.",
  tags: ["Journeys"],
  middleware: requireRole(...READING_ROLES),
  request: { query: journeySearchQuery },
  responses: answersWith(journeySearch, "What the key leads to."),
});

const detailRoute = createRoute({
  method: "get",
  path: "/journeys/{type}/{id}",
  summary: "What happened to one business object",
  description: "The id is percent-encoded, its slashes too.",
  tags: ["Journeys"],
  middleware: requireRole(...READING_ROLES),
  request: { params: z.object({ type: text(64, 1), id: text(512, 1) }), query: journeyQuery },
  responses: findsWith(journey, "The journey of the object."),
});

export function addJourneyRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader, links } = deps;
  app.openapi(searchRoute, async (c) => {
    const { key, limit } = c.req.valid("query");
    return c.json(await searchJourneys({ reader, asker: toAsker(c), links, key: key.trim() || key, limit }), 200);
  });
  app.openapi(detailRoute, async (c) => {
    const { pack, findMilestones, workingTimes, now } = deps;
    const { asOf } = c.req.valid("query");
    const asker = toAsker(c);
    const context = { reader, asker, pack, links, findMilestones, workingTimes, now: toMoment(asOf, now), asOf };
    return c.json(await getJourney(context, c.req.valid("param")), 200);
  });
}
