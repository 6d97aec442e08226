import { createRoute } from "@hono/zod-openapi";
import { calendarList, calendarsQuery } from "../contract/calendar.ts";
import { toCalendarItem } from "../figures/calendar-item.ts";
import { answersWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import type { ApiDeps } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";

const route = createRoute({
  method: "get",
  path: "/calendars",
  summary: "The calendars that deadlines go by",
  description:
    "As configured: shifts in their zone, the holidays and closing days ahead, and the next change of the clocks.",
  tags: ["Excuses"],
  middleware: requireRole(...READING_ROLES),
  request: { query: calendarsQuery },
  responses: answersWith(calendarList, "All calendars."),
});

export function addCalendarRoutes(app: ApiApp, { pack, workingTimes, now }: ApiDeps) {
  app.openapi(route, (c) => {
    const { days } = c.req.valid("query");
    const calendars = [...pack.calendars.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const items = calendars.flatMap((calendar) => {
      const working = workingTimes.get(calendar.id);
      return working === undefined ? [] : [toCalendarItem(calendar, { pack, working, now: now(), days })];
    });
    return c.json({ items }, 200);
  });
}
