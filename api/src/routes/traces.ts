import { createRoute, z } from "@hono/zod-openapi";
import { traceDetail } from "../contract/trace-detail.ts";
import { findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { getTrace } from "../journeys/get-trace.ts";

const route = createRoute({
  method: "get",
  path: "/traces/{id}",
  summary: "The spans and events of a trace",
  description: "Spans are in the order of a waterfall. Readers with a scope see those that name one of their sites.",
  tags: ["Journeys"],
  middleware: requireRole(...READING_ROLES),
  request: {
    params: z.object({ id: z.string().regex(/^[0-9a-fA-F]{32}$/, "must be 32 hexadecimal digits") }),
    query: z.strictObject({}),
  },
  responses: findsWith(traceDetail, "The trace."),
});

export function addTraceRoutes(app: ApiApp, { reader, findMilestones }: ApiDeps) {
  app.openapi(route, async (c) =>
    c.json(await getTrace({ reader, asker: toAsker(c), findMilestones }, c.req.valid("param").id.toLowerCase()), 200),
  );
}
