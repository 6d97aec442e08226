import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import { type Quarantined, quarantinedDetail, quarantinePage, quarantineQuery } from "../contract/quarantine.ts";
import { answersWithList, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { findQuarantined, listQuarantine } from "../queries/list-quarantine.ts";
import { assertOrdered } from "../queries/time-range.ts";

const listRoute = createRoute({
  method: "get",
  path: "/quarantine",
  summary: "What was refused",
  tags: ["Quarantine"],
  middleware: requireRole(...READING_ROLES),
  request: { query: quarantineQuery },
  responses: answersWithList(quarantinePage, "What was refused, newest first."),
});

const detailRoute = createRoute({
  method: "get",
  path: "/quarantine/{log}/{position}",
  summary: "What was refused, with its bytes",
  description:
    "The bytes may hold what no reader should see, so that only operators and administrators get them; each look is audited.",
  tags: ["Quarantine"],
  middleware: requireRole("operator"),
  request: {
    params: z.object({
      log: z.string().min(1).max(128),
      position: z.string().regex(/^\d{1,19}$/, "must be a whole number"),
    }),
    query: z.strictObject({}),
  },
  responses: findsWith(quarantinedDetail, "What was refused."),
});

const COLUMNS: readonly Column<Quarantined>[] = [
  { name: "arrived_at", kind: "time", read: (row) => row.arrivedAt },
  { name: "log", kind: "text", read: (row) => row.log },
  { name: "position", kind: "text", read: (row) => row.position },
  { name: "route", kind: "text", read: (row) => row.route },
  { name: "actor", kind: "text", read: (row) => row.actor },
  { name: "source", kind: "text", read: (row) => row.source },
  { name: "site", kind: "text", read: (row) => row.site },
  { name: "domain", kind: "text", read: (row) => row.domain },
  { name: "content_type", kind: "text", read: (row) => row.contentType },
  { name: "code", kind: "text", read: (row) => row.code },
  {
    name: "issues",
    kind: "text",
    read: (row) => row.issues.map(({ path, message }) => `${path} ${message}`).join("; "),
  },
  { name: "size_bytes", kind: "integer", read: (row) => row.sizeBytes },
  { name: "digest", kind: "text", read: (row) => row.digest },
];

export function addQuarantineRoutes(app: ApiApp, { reader, exports, audit }: ApiDeps) {
  app.openapi(listRoute, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, ...filter } = query;
    assertOrdered(filter);
    return respondWithList(c, exports, {
      name: "quarantine",
      query,
      columns: COLUMNS,
      findPage: ({ limit, cursor }) => listQuarantine(reader, toAsker(c), { filter, limit, cursor }),
    });
  });
  app.openapi(detailRoute, async (c) => {
    const at = c.req.valid("param");
    const found = await findQuarantined(reader, toAsker(c), at);
    if (!found) throw new AppError("not_found", `Nothing was refused at ${at.log} ${at.position}.`);
    const target = `${at.log}/${at.position}`;
    const detail = { digest: found.digest };
    await audit({
      actor: c.get("principal").id,
      action: "quarantine.read",
      target,
      detail,
      requestId: c.get("requestId"),
    });
    return c.json(found, 200);
  });
}
