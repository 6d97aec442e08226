import { createRoute } from "@hono/zod-openapi";
import {
  itemMovePage,
  itemMovesQuery,
  openItemPage,
  openItemsQuery,
  reconciliationList,
  reconciliationPath,
  reconciliationsQuery,
  statement,
  statementQuery,
} from "../contract/reconciliation.ts";
import { answersWithList, findsWithList } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { chooseFormat, respondWithList } from "../http/list-response.ts";
import { toWholeList } from "../http/whole-list.ts";
import { listItemMoves } from "../queries/list-item-moves.ts";
import { listOpenItems } from "../queries/list-open-items.ts";
import { toInstant } from "../queries/time-range.ts";
import { type ItemFinder, createItemFinder } from "../reconciliations/item-finder.ts";
import { describeRule, listReconciliations, toFeeds } from "../reconciliations/list-reconciliations.ts";
import { readStatement } from "../reconciliations/read-statement.ts";
import { DRIFT_COLUMNS, ITEM_COLUMNS, MOVE_COLUMNS } from "./reconciliation-columns.ts";
import { STATEMENT_COLUMNS, toStatementLines } from "../reconciliations/statement-lines.ts";

const TAGS = ["Reconciliations"];

const listRoute = createRoute({
  method: "get",
  path: "/reconciliations",
  summary: "All reconciliations, with what is open",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { query: reconciliationsQuery },
  responses: answersWithList(reconciliationList, "Each unit and currency by itself."),
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
  responses: findsWithList(statement, "The statement, by unit."),
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

const movesRoute = createRoute({
  method: "get",
  path: "/reconciliations/{id}/moves",
  summary: "What opened and cleared the items of a reconciliation",
  description: "The rows that the flows of a statement over the same range add up to.",
  tags: TAGS,
  middleware: requireRole(...READING_ROLES),
  request: { params: reconciliationPath, query: itemMovesQuery },
  responses: answersWithList(itemMovePage, "What moved, the latest first."),
});

export function addReconciliationRoutes(app: ApiApp, deps: ApiDeps) {
  const finder = createItemFinder(deps);
  addList(app, deps, finder);
  addStatement(app, deps, finder);
  addItems(app, deps, finder);
  addMoves(app, deps, finder);
}

function addList(app: ApiApp, { reader, exports }: ApiDeps, finder: ItemFinder) {
  app.openapi(listRoute, async (c) => {
    const { format: asked, asOf } = c.req.valid("query");
    const format = chooseFormat(c, asked);
    const list = await listReconciliations(reader, toAsker(c), { finder, asOf });
    if (format === "json") return c.json(list, 200, VARIES);
    const rows = list.items.flatMap((item) => item.units.map((unit) => ({ item, unit })));
    return respondWithList(c, exports, {
      ...toWholeList(rows, format),
      name: "reconciliations",
      columns: DRIFT_COLUMNS,
    });
  });
}

function addStatement(app: ApiApp, { reader, exports }: ApiDeps, finder: ItemFinder) {
  app.openapi(statementRoute, async (c) => {
    const asker = toAsker(c);
    const { format: asked, asOf, ...query } = c.req.valid("query");
    const find = await finder.open(asker, asOf);
    const found = find(c.req.valid("param").id, query);
    const { range, at, company, isKept } = found;
    const { lock, units } = await readStatement(reader, asker, found);
    const { rule, version } = at.model;
    const format = chooseFormat(c, asked);
    if (format !== "json") {
      const name = `statement-${rule.id}`;
      return respondWithList(c, exports, {
        ...toWholeList(toStatementLines(units), format),
        name,
        columns: STATEMENT_COLUMNS,
      });
    }
    const period = { id: range.id, from: toInstant(range.from), to: toInstant(range.to), zone: at.zone };
    const of = { company: { id: company.id, title: company.title }, period, readAt: toInstant(at.now), lock };
    const said = { ...describeRule(rule), reconciliation: rule.id, ruleVersion: version, isKept };
    return c.json({ ...said, ...of, feeds: toFeeds(at.feeds), units }, 200, VARIES);
  });
}

function addItems(app: ApiApp, deps: ApiDeps, finder: ItemFinder) {
  app.openapi(itemsRoute, async (c) => {
    const asker = toAsker(c);
    const { limit, cursor, format, company, on, to, asOf, ...filter } = c.req.valid("query");
    const find = await finder.open(asker, asOf);
    const { at } = find(c.req.valid("param").id, { company, on, to, from: to && FIRST_MOMENT });
    return respondWithList(c, deps.exports, {
      name: `open-items-${at.model.rule.id}`,
      query: { limit, cursor, format },
      columns: ITEM_COLUMNS,
      findPage: (paging) => listOpenItems(deps.reader, asker, { at, filter, ...paging }),
    });
  });
}

function addMoves(app: ApiApp, deps: ApiDeps, finder: ItemFinder) {
  app.openapi(movesRoute, async (c) => {
    const asker = toAsker(c);
    const { limit, cursor, format, company, on, from, to, asOf, ...filter } = c.req.valid("query");
    const find = await finder.open(asker, asOf);
    const { at, range } = find(c.req.valid("param").id, { company, on, from, to });
    const { rule, subjectType } = at.model;
    const known = at.known !== undefined && { known: at.known };
    const between = {
      reconciliation: rule.id,
      subjectType,
      from: range.from,
      until: range.to,
      sites: at.sites,
      ...known,
    };
    return respondWithList(c, deps.exports, {
      name: `moves-${rule.id}`,
      query: { limit, cursor, format },
      columns: MOVE_COLUMNS,
      findPage: (paging) => listItemMoves(deps.reader, asker, { between, filter, ...paging }),
    });
  });
}

const VARIES = { vary: "Accept" };
const FIRST_MOMENT = "1970-01-01T00:00:00Z";
