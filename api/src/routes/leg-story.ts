import { createRoute } from "@hono/zod-openapi";
import { legStory, legStoryPath, legStoryQuery } from "../contract/leg-story.ts";
import { findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { getLegStory } from "../journeys/get-leg-story.ts";
import { toMoment } from "../queries/time-range.ts";

const route = createRoute({
  method: "get",
  path: "/legs/{flow}/{leg}/{type}/{id}/{occurrence}",
  summary: "What was known of a leg, and when",
  description:
    "Every verdict that was given of the leg: which event brought it and when it arrived, under which rules, what changed, and whether it corrected one that had been decided. The id is percent-encoded, its slashes too.",
  tags: ["Legs"],
  middleware: requireRole(...READING_ROLES),
  request: { params: legStoryPath, query: legStoryQuery },
  responses: findsWith(legStory, "The leg with all of its verdicts."),
});

export function addLegStoryRoutes(app: ApiApp, deps: ApiDeps) {
  app.openapi(route, async (c) => {
    const { flow, leg, type, id, occurrence } = c.req.valid("param");
    const { asOf } = c.req.valid("query");
    const { reader, pack, links, findMilestones, workingTimes, now } = deps;
    const clock = { now: toMoment(asOf, now), workingTimes };
    const key = { flow, leg, instance_type: type, instance_id: id, occurrence };
    const context = { reader, asker: toAsker(c), pack, links, findMilestones, clock };
    return c.json(await getLegStory(context, { key, asOf }), 200);
  });
}
