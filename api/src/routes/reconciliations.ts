import { createRoute } from "@hono/zod-openapi";
import {
  type OpenItem,
  openItemPage,
  openItemsQuery,
  reconciliationList,
  reconciliationPath,
  statement,
  statementQuery,
} from "../contract/reconciliation.ts";
import { answersWith, answersWithList, findsWith } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { listOpenItems } from "../queries/list-open-items.ts";
import { toInstant } from "../queries/time-range.ts";
import { createItemFinder } from "../reconciliations/item-finder.ts";
import { listReconciliations, toFeeds } from "../reconciliations/list-reconciliations.ts";
import { readUnitStatements } from "../reconciliations/read-statement.ts";

const TAGS = ["Reconciliations"];

const listRoute = createRoute({
  method: "get",
  path: "/reconciliations",
  summary: "All reconciliations, with what is open now",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  responses: answersWith(reconciliationList, "Each unit and currency by itself."),
});

const statementRoute = createRoute({
  method: "get",
  path: "/reconciliations/{id}/statement",
  summary: "The statement of a reconciliation",
  description:
    "Opening, what opened and cleared, and closing, in gross, with net and count. Without a range: the current fiscal period.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { params: reconciliationPath, query: statementQuery },
  responses: findsWith(statement, "The statement, by unit."),
});

const itemsRoute = createRoute({
  method: "get",
  path: "/reconciliations/{id}/items",
  summary: "The open items of a reconciliation",
  description: "At the end of the fiscal period of a day, at a cut-off, or now.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { params: reconciliationPath, query: openItemsQuery },
  responses: answersWithList(openItemPage, "Open items, the oldest first."),
});

export function addReconciliationRoutes(app: ApiApp, deps: ApiDeps) {
  const { reader } = deps;
  const finder = createItemFinder(deps);

  app.openapi(listRoute, async (c) => c.json(await listReconciliations(reader, toAsker(c), finder), 200));

  app.openapi(statementRoute, async (c) => {
    const asker = toAsker(c);
    const find = await finder.open(asker);
    const { range, at, isKept } = find(c.req.valid("param").id, c.req.valid("query"));
    const to = toInstant(range.to);
    const units = await readUnitStatements(reader, asker, { from: range.from, at, to });
    const period = { id: range.id, from: toInstant(range.from), to };
    const { rule, version } = at.model;
    const feeds = toFeeds(at.feeds);
    return c.json({ reconciliation: rule.id, ruleVersion: version, isKept, period, feeds, units }, 200);
  });

  app.openapi(itemsRoute, async (c) => {
    const asker = toAsker(c);
    const { limit, cursor, format, on, to, ...filter } = c.req.valid("query");
    const find = await finder.open(asker);
    const { at } = find(c.req.valid("param").id, { on, to, from: to && FIRST_MOMENT });
    return respondWithList(c, deps.exports, {
      name: `open-items-${at.model.rule.id}`,
      query: { limit, cursor, format },
      columns: COLUMNS,
      findPage: (paging) => listOpenItems(reader, asker, { at, filter, ...paging }),
    });
  });
}

const FIRST_MOMENT = "1970-01-01T00:00:00Z";

const COLUMNS: readonly Column<OpenItem>[] = [
  { name: "key", kind: "text", read: ({ key }) => key.join(" / ") },
  { name: "side", kind: "text", read: ({ side }) => side },
  { name: "value", kind: "text", read: ({ value }) => value },
  { name: "unit", kind: "text", read: ({ unit }) => unit },
  { name: "class", kind: "text", read: (item) => item.class },
  { name: "cause", kind: "text", read: ({ cause }) => cause },
  { name: "since", kind: "time", read: ({ since }) => since },
  { name: "days", kind: "text", read: ({ days }) => days },
  { name: "due_at", kind: "time", read: ({ dueAt }) => dueAt },
  { name: "period", kind: "text", read: ({ period }) => period },
  { name: "worth", kind: "text", read: ({ worth }) => worth?.value ?? null },
  { name: "currency", kind: "text", read: ({ worth }) => worth?.currency ?? null },
  { name: "supplier", kind: "text", read: ({ supplier }) => supplier },
  { name: "site", kind: "text", read: ({ site }) => site },
  { name: "source", kind: "text", read: ({ source }) => source },
  { name: "id", kind: "text", read: ({ id }) => id },
];
