import { createRoute } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import type { Context } from "hono";
import {
  type Excuse,
  excuse,
  excuseChange,
  excuseDetail,
  excuseEnd,
  excusePage,
  excusePath,
  excuseQuery,
  excusesQuery,
  newExcuse,
} from "../contract/excuse.ts";
import { changeExcuse, type ExcuseContext, requestExcuse } from "../excuses/change-excuse.ts";
import { answersWithList, ERRORS, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { toExcuse } from "../queries/excuse-row.ts";
import { listExcuses } from "../queries/list-excuses.ts";
import { listExcuseVersions } from "../queries/list-excuse-versions.ts";
import { assertOrdered } from "../queries/time-range.ts";

const TAGS = ["Excuses"];

const listRoute = createRoute({
  method: "get",
  path: "/excuses",
  summary: "Excuses and pauses",
  description:
    "Windows of time that do not count against legs once they are approved; what was requested and rejected too.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { query: excusesQuery },
  responses: answersWithList(excusePage, "Windows, last requested first."),
});

const detailRoute = createRoute({
  method: "get",
  path: "/excuses/{id}",
  summary: "An excuse or pause with all of its versions",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { params: excusePath, query: excuseQuery },
  responses: findsWith(excuseDetail, "The window with all of its versions."),
});

const requestRoute = createRoute({
  method: "post",
  path: "/excuses",
  summary: "Request an excuse or a pause",
  description: "It moves nothing until another person approves it. Windows may overlap: time counts once.",
  tags: TAGS,
  middleware: requireRole("operator"),
  request: { body: { required: true, content: { "application/json": { schema: newExcuse } } } },
  responses: {
    201: { description: "The window as requested.", content: { "application/json": { schema: excuse } } },
    ...ERRORS,
  },
});

const conflict = { description: "It no longer stands as it was seen; `code` is `conflict`." };

function toChangeRoute<Verb extends "approve" | "reject" | "withdraw">(
  verb: Verb,
  summary: string,
  description: string,
) {
  return createRoute({
    method: "post",
    path: `/excuses/{id}/${verb}`,
    summary,
    description,
    tags: TAGS,
    middleware: requireRole("operator"),
    request: {
      params: excusePath,
      body: { required: true, content: { "application/json": { schema: excuseChange } } },
    },
    responses: { ...findsWith(excuse, "The window as it stands now."), 409: conflict },
  });
}

const SECOND_PERSON = "Refused with the code `second_person_required` for who requested it.";
const approveRoute = toChangeRoute(
  "approve",
  "Approve an excuse or pause",
  `The legs that it crosses are judged again, those that are breached too. ${SECOND_PERSON}`,
);
const rejectRoute = toChangeRoute("reject", "Reject an excuse or pause", SECOND_PERSON);
const withdrawRoute = toChangeRoute(
  "withdraw",
  "Withdraw an excuse or pause",
  "From then on its time counts again; the legs that it crossed are judged again.",
);

const endRoute = createRoute({
  method: "post",
  path: "/excuses/{id}/end",
  summary: "End an open pause",
  tags: TAGS,
  middleware: requireRole("operator"),
  request: { params: excusePath, body: { required: true, content: { "application/json": { schema: excuseEnd } } } },
  responses: { ...findsWith(excuse, "The window as it stands now."), 409: conflict },
});

const COLUMNS: readonly Column<Excuse>[] = [
  { name: "id", kind: "text", read: (row) => row.id },
  { name: "version", kind: "integer", read: (row) => row.version },
  { name: "kind", kind: "text", read: (row) => row.kind },
  { name: "state", kind: "text", read: (row) => row.state },
  { name: "flow", kind: "text", read: (row) => row.flow },
  { name: "leg", kind: "text", read: (row) => row.leg },
  { name: "site", kind: "text", read: (row) => row.site },
  { name: "supplier", kind: "text", read: (row) => row.supplier },
  { name: "source", kind: "text", read: (row) => row.source },
  { name: "domain", kind: "text", read: (row) => row.domain },
  { name: "from", kind: "time", read: (row) => row.from },
  { name: "until", kind: "time", read: (row) => row.until },
  { name: "reason", kind: "text", read: (row) => row.reason },
  { name: "requested_at", kind: "time", read: (row) => row.requestedAt },
  { name: "requested_by", kind: "text", read: (row) => row.requestedBy.name },
  { name: "decided_at", kind: "time", read: (row) => row.decidedAt },
  { name: "decided_by", kind: "text", read: (row) => row.decidedBy?.name ?? null },
  { name: "changed_at", kind: "time", read: (row) => row.changedAt },
  { name: "changed_by", kind: "text", read: (row) => row.changedBy.name },
  { name: "note", kind: "text", read: (row) => row.note },
];

export function addExcuseRoutes(app: ApiApp, deps: ApiDeps) {
  addReadingRoutes(app, deps);
  app.openapi(requestRoute, async (c) => c.json(await requestExcuse(toContext(c, deps), c.req.valid("json")), 201));
  app.openapi(approveRoute, async (c) => {
    const wanted = { id: c.req.valid("param").id, verb: "approve", change: c.req.valid("json") } as const;
    return c.json(await changeExcuse(toContext(c, deps), wanted), 200);
  });
  app.openapi(rejectRoute, async (c) => {
    const wanted = { id: c.req.valid("param").id, verb: "reject", change: c.req.valid("json") } as const;
    return c.json(await changeExcuse(toContext(c, deps), wanted), 200);
  });
  app.openapi(withdrawRoute, async (c) => {
    const wanted = { id: c.req.valid("param").id, verb: "withdraw", change: c.req.valid("json") } as const;
    return c.json(await changeExcuse(toContext(c, deps), wanted), 200);
  });
  app.openapi(endRoute, async (c) => {
    const wanted = { id: c.req.valid("param").id, verb: "end", change: c.req.valid("json") } as const;
    return c.json(await changeExcuse(toContext(c, deps), wanted), 200);
  });
}

function addReadingRoutes(app: ApiApp, { reader, exports }: ApiDeps) {
  app.openapi(listRoute, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, ...filter } = query;
    assertOrdered(filter);
    return respondWithList(c, exports, {
      name: "excuses",
      query,
      columns: COLUMNS,
      findPage: ({ limit, cursor }) => listExcuses(reader, toAsker(c), { filter, limit, cursor }),
    });
  });
  app.openapi(detailRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { asOf } = c.req.valid("query");
    const versions = (await listExcuseVersions(reader, toAsker(c), { ids: [id], asOf })).map(toExcuse);
    const current = versions.at(-1);
    if (!current) throw new AppError("not_found", `There is no window ${id}.`);
    return c.json({ ...current, versions }, 200);
  });
}

function toContext(c: Context<ApiEnv>, { reader, pack, storeExcuse, audit, now }: ApiDeps): ExcuseContext {
  const actor = c.get("principal");
  const requestId = c.get("requestId");
  return { reader, asker: toAsker(c), pack, store: storeExcuse, audit, actor, requestId, now: now() };
}
