import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { z } from "zod";
import {
  type Confirmation,
  confirmation,
  confirmationChange,
  confirmationPage,
  confirmationPath,
  confirmationsQuery,
  newConfirmation,
  suggestionList,
  suggestionsQuery,
} from "../contract/confirmation.ts";
import { reconciliationPath } from "../contract/reconciliation.ts";
import { answersWithList, ERRORS, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp, ApiEnv } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { type ConfirmationRow, listConfirmations } from "../queries/list-confirmations.ts";
import {
  changeConfirmation,
  type ConfirmationContext,
  type ConfirmationVerb,
  requestConfirmation,
} from "../reconciliations/confirmations/change-confirmation.ts";
import { listSuggestions } from "../reconciliations/confirmations/list-suggestions.ts";
import { createItemFinder } from "../reconciliations/item-finder.ts";

const TAGS = ["Reconciliations"];
const BASE = "/reconciliations/{id}/confirmations";
const FIRST_MOMENT = "1970-01-01T00:00:00Z";
const reading = requireRole(...READING_ROLES);
const conflict = { description: "It does not stand as it was seen; `code` is `conflict`." };

const suggestionsRoute = createRoute({
  method: "get",
  path: "/reconciliations/{id}/suggestions",
  summary: "Items that could belong together",
  description: "Open items without a common key that would offset each other. Nothing is ever cleared by a suggestion.",
  tags: TAGS,
  middleware: reading,
  request: { params: reconciliationPath, query: suggestionsQuery },
  responses: findsWith(suggestionList, "Suggestions, each unit by itself."),
});

const listRoute = createRoute({
  method: "get",
  path: BASE,
  summary: "What people said belongs together",
  tags: TAGS,
  middleware: reading,
  request: { params: reconciliationPath, query: confirmationsQuery },
  responses: answersWithList(confirmationPage, "Confirmations, the last requested first."),
});

const requestRoute = createRoute({
  method: "post",
  path: BASE,
  summary: "Say that items belong together",
  description:
    "Recorded with who says so and why; no figure changes by it. Above the limit of the reconciliation another person has to approve it.",
  tags: TAGS,
  middleware: requireRole("operator"),
  request: {
    params: reconciliationPath,
    body: { required: true, content: { "application/json": { schema: newConfirmation } } },
  },
  responses: {
    201: { description: "The confirmation.", content: { "application/json": { schema: confirmation } } },
    404: { description: "There is no such reconciliation." },
    ...ERRORS,
  },
});

function toChangeRoute<Verb extends ConfirmationVerb>(verb: Verb, summary: string) {
  return createRoute({
    method: "post",
    path: `${BASE}/{confirmation}/${verb}`,
    summary,
    description:
      verb === "withdraw" ? "It stays in the record." : "Refused with `second_person_required` for who requested it.",
    tags: TAGS,
    middleware: verb === "withdraw" ? requireRole("operator") : requireRole("operator", "auditor"),
    request: {
      params: confirmationPath,
      body: { required: true, content: { "application/json": { schema: confirmationChange } } },
    },
    responses: { ...findsWith(confirmation, "The confirmation as it stands now."), 409: conflict },
  });
}
const approveRoute = toChangeRoute("approve", "Approve that items belong together");
const rejectRoute = toChangeRoute("reject", "Reject that items belong together");
const withdrawRoute = toChangeRoute("withdraw", "Take back that items belong together");

const COLUMNS: readonly Column<Confirmation>[] = [
  { name: "id", kind: "text", read: ({ id }) => id },
  { name: "state", kind: "text", read: ({ state }) => state },
  { name: "unit", kind: "text", read: ({ unit }) => unit },
  { name: "gross", kind: "text", read: ({ gross }) => gross },
  {
    name: "items",
    kind: "text",
    read: ({ items }) => items.map(({ side, key, value }) => `${side} ${key.join(" / ")} ${value}`).join("; "),
  },
  { name: "reason", kind: "text", read: ({ reason }) => reason },
  { name: "requested_at", kind: "time", read: ({ requestedAt }) => requestedAt },
  { name: "requested_by", kind: "text", read: ({ requestedBy }) => requestedBy.name },
  { name: "decided_at", kind: "time", read: ({ decidedAt }) => decidedAt },
  { name: "decided_by", kind: "text", read: ({ decidedBy }) => decidedBy?.name ?? null },
  { name: "note", kind: "text", read: ({ note }) => note },
];

export function addConfirmationRoutes(app: ApiApp, deps: ApiDeps) {
  const finder = createItemFinder(deps);
  addReadingRoutes(app, deps, finder);
  app.openapi(requestRoute, async (c) => {
    const find = await finder.open(toAsker(c));
    const { at } = find(c.req.valid("param").id, {});
    const row = await requestConfirmation(toContext(c, deps), { at, asked: c.req.valid("json") });
    return c.json(toConfirmation(row), 201);
  });
  app.openapi(approveRoute, async (c) => {
    const { id: reconciliation, confirmation: id } = c.req.valid("param");
    const asked = { reconciliation, id, verb: "approve", change: c.req.valid("json") } as const;
    return c.json(toConfirmation(await changeConfirmation(toContext(c, deps), asked)), 200);
  });
  app.openapi(rejectRoute, async (c) => {
    const { id: reconciliation, confirmation: id } = c.req.valid("param");
    const asked = { reconciliation, id, verb: "reject", change: c.req.valid("json") } as const;
    return c.json(toConfirmation(await changeConfirmation(toContext(c, deps), asked)), 200);
  });
  app.openapi(withdrawRoute, async (c) => {
    const { id: reconciliation, confirmation: id } = c.req.valid("param");
    const asked = { reconciliation, id, verb: "withdraw", change: c.req.valid("json") } as const;
    return c.json(toConfirmation(await changeConfirmation(toContext(c, deps), asked)), 200);
  });
}

function addReadingRoutes(app: ApiApp, deps: ApiDeps, finder: ReturnType<typeof createItemFinder>) {
  app.openapi(suggestionsRoute, async (c) => {
    const asker = toAsker(c);
    const { unit, company, on, to } = c.req.valid("query");
    const find = await finder.open(asker);
    const { at } = find(c.req.valid("param").id, { company, on, to, from: to && FIRST_MOMENT });
    return c.json(await listSuggestions(deps.reader, asker, { at, unit }), 200);
  });
  app.openapi(listRoute, (c) => {
    const { state, ...query } = c.req.valid("query");
    const { id: reconciliation } = c.req.valid("param");
    const filter = { reconciliation, state };
    return respondWithList(c, deps.exports, {
      name: `confirmations-${reconciliation}`,
      query,
      columns: COLUMNS,
      findPage: async (paging) => {
        const { rows, nextCursor } = await listConfirmations(deps.reader, toAsker(c), { filter, ...paging });
        return { items: rows.map(toConfirmation), nextCursor };
      },
    });
  });
}

const storedItems = z.array(confirmation.shape.items.element);

function toConfirmation(row: ConfirmationRow): Confirmation {
  const { id, version, reconciliation, state, unit, gross, reason, note } = row;
  return {
    id,
    version,
    reconciliation,
    state,
    unit,
    gross,
    items: storedItems.parse(JSON.parse(row.items)),
    reason,
    requestedAt: row.requested_at,
    requestedBy: { id: row.requested_by, name: row.requester },
    decidedAt: row.decided_at,
    decidedBy: row.decided_at === null ? null : { id: row.decided_by, name: row.decider },
    note,
    changedAt: row.at,
    changedBy: { id: row.actor, name: row.actor_name },
  };
}

function toContext(c: Context<ApiEnv>, { reader, storeConfirmation: store, audit, now }: ApiDeps): ConfirmationContext {
  const actor = c.get("principal");
  return { reader, asker: toAsker(c), store, audit, actor, requestId: c.get("requestId"), now: now() };
}
