import { createRoute } from "@hono/zod-openapi";
import { type MatchItem, matchesQuery, matchPage } from "../contract/match.ts";
import { answersWithList } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { listMatches } from "../queries/list-matches.ts";
import { assertOrdered } from "../queries/time-range.ts";

const route = createRoute({
  method: "get",
  path: "/matches",
  summary: "Invoices matched with orders and receipts",
  description:
    "The current results, the latest entered first: of invoices as a whole, of their lines on each order line, and of order lines themselves. `from` and `to` bound the time of entry. All pages show the results as they stood when the first was read.",
  tags: ["Matching"],
  middleware: requireRole(...READING_ROLES),
  request: { query: matchesQuery },
  responses: answersWithList(matchPage, "Results of matching."),
});

const COLUMNS: readonly Column<MatchItem>[] = [
  { name: "kind", kind: "text", read: (match) => match.kind },
  { name: "invoice", kind: "text", read: (match) => match.invoice },
  { name: "document", kind: "text", read: (match) => match.document },
  { name: "lines", kind: "text", read: (match) => match.lines.join(" ") },
  { name: "order", kind: "text", read: (match) => match.order },
  { name: "outcome", kind: "text", read: (match) => match.outcome },
  { name: "codes", kind: "text", read: (match) => match.causes.map(({ code }) => code).join(" ") },
  { name: "difference", kind: "text", read: (match) => match.causes[0]?.difference?.value ?? null },
  { name: "percent", kind: "text", read: (match) => match.causes[0]?.percent ?? null },
  { name: "amount", kind: "text", read: (match) => match.amount?.value ?? null },
  { name: "currency", kind: "text", read: (match) => match.amount?.currency ?? null },
  { name: "company", kind: "text", read: (match) => match.company },
  { name: "supplier", kind: "text", read: (match) => match.supplier },
  { name: "site", kind: "text", read: (match) => match.site },
  { name: "entered_at", kind: "time", read: (match) => match.enteredAt },
  { name: "due_on", kind: "text", read: (match) => match.dueOn },
  { name: "discount_on", kind: "text", read: (match) => match.discountOn },
  { name: "profile", kind: "text", read: (match) => match.profile },
  { name: "rule_version", kind: "text", read: (match) => match.ruleVersion },
  { name: "evaluated_at", kind: "time", read: (match) => match.evaluatedAt },
];

export function addMatchRoutes(app: ApiApp, { reader, exports }: ApiDeps) {
  app.openapi(route, (c) => {
    const query = c.req.valid("query");
    const { limit: _limit, cursor: _cursor, format: _format, ...filter } = query;
    assertOrdered(filter);
    const asker = toAsker(c);
    return respondWithList(c, exports, {
      name: "matches",
      query,
      columns: COLUMNS,
      findPage: (paging) => listMatches(reader, asker, { filter, ...paging }),
    });
  });
}
