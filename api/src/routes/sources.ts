import { createRoute, z } from "@hono/zod-openapi";
import { type Source, sourcePage, sourcesQuery } from "../contract/source.ts";
import { answersWithList } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { parseCursor, toCursor } from "../queries/cursor.ts";
import { listSources } from "../queries/list-sources.ts";
import { assertOrdered, toMoment } from "../queries/time-range.ts";

const route = createRoute({
  method: "get",
  path: "/sources",
  summary: "The feeds and how current they are",
  description:
    "`from` and `to` bound what is counted, by the minute of arrival; the state of a feed is that of now, or of the moment `asOf`.",
  tags: ["Coverage"],
  middleware: requireRole(...READING_ROLES),
  request: { query: sourcesQuery },
  responses: answersWithList(sourcePage, "Feeds by name."),
});

const place = z.object({ source: z.string() });

const COLUMNS: readonly Column<Source>[] = [
  { name: "source", kind: "text", read: (source) => source.source },
  { name: "sites", kind: "text", read: (source) => source.sites.join(" ") },
  { name: "domains", kind: "text", read: (source) => source.domains.join(" ") },
  { name: "state", kind: "text", read: (source) => source.state },
  { name: "silent_since", kind: "time", read: (source) => source.silentSince },
  { name: "first_event_at", kind: "time", read: (source) => source.firstEventAt },
  { name: "last_event_at", kind: "time", read: (source) => source.lastEventAt },
  { name: "last_arrived_at", kind: "time", read: (source) => source.lastArrivedAt },
  { name: "last_heartbeat_at", kind: "time", read: (source) => source.lastHeartbeatAt },
  { name: "watermark_at", kind: "time", read: (source) => source.watermarkAt },
  { name: "complete_to", kind: "time", read: (source) => source.completeTo },
  { name: "watermark_kind", kind: "text", read: (source) => source.promise.watermark },
  { name: "silent_at", kind: "time", read: (source) => source.promise.silentAt },
  { name: "excused_by", kind: "text", read: ({ promise }) => (promise.isExcused ? promise.calendar : null) },
  { name: "last_sequence", kind: "integer", read: (source) => source.lastSequence },
  { name: "accepted", kind: "integer", read: (source) => source.accepted },
  { name: "duplicates", kind: "integer", read: (source) => source.duplicates },
  { name: "superseded", kind: "integer", read: (source) => source.superseded },
  { name: "conflicts", kind: "integer", read: (source) => source.conflicts },
  { name: "failed", kind: "integer", read: (source) => source.failed },
  { name: "types", kind: "text", read: (source) => source.types.join(" ") },
];

export function addSourceRoutes(app: ApiApp, { reader, configurations, exports, now }: ApiDeps) {
  app.openapi(route, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, state, asOf, ...filter } = query;
    assertOrdered(filter);
    return respondWithList(c, exports, {
      name: "sources",
      query,
      columns: COLUMNS,
      findPage: async ({ limit, cursor }) => {
        const bound = { ...filter, state, asOf };
        const after = cursor === undefined ? "" : parseCursor(cursor, place, bound).source;
        const { ruleOf } = await configurations.get(toAsker(c), asOf);
        const all = await listSources(reader, toAsker(c), {
          filter,
          ruleOf,
          now: toMoment(asOf, now),
          isThen: asOf !== undefined,
        });
        const wanted = all.filter((source) => source.source > after && (state?.includes(source.state) ?? true));
        const items = wanted.slice(0, limit);
        const last = items.at(-1);
        return { items, nextCursor: wanted.length > limit && last ? toCursor({ source: last.source }, bound) : null };
      },
    });
  });
}
