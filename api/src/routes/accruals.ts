import { createRoute } from "@hono/zod-openapi";
import { AppError } from "@throughline/schemas/error";
import { type Accrual, accrualPage, accrualsQuery } from "../contract/accrual.ts";
import { reconciliationPath } from "../contract/reconciliation.ts";
import { answersWithList } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import { type ApiDeps, toAsker } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { Column } from "../http/list-columns.ts";
import { respondWithList } from "../http/list-response.ts";
import { listAccruals } from "../queries/list-accruals.ts";
import { createItemFinder } from "../reconciliations/item-finder.ts";

const FIRST_MOMENT = "1970-01-01T00:00:00Z";

const route = createRoute({
  method: "get",
  path: "/reconciliations/{id}/accruals",
  summary: "Received and not invoiced at a cut-off",
  description:
    "By key, cleared by quantity, at the mean price of the receipts; each currency by itself. Of reconciliations of quantities. Without `on` and `to`: at the end of the fiscal period that runs, or now. With `asOf`: by what was known then.",
  tags: ["Reconciliations"],
  middleware: requireRole(...READING_ROLES),
  request: { params: reconciliationPath, query: accrualsQuery },
  responses: answersWithList(accrualPage, "Accruals, by key."),
});

const COLUMNS: readonly Column<Accrual>[] = [
  { name: "key", kind: "text", read: ({ key }) => key.join(" / ") },
  { name: "quantity", kind: "text", read: ({ quantity }) => quantity },
  { name: "unit", kind: "text", read: ({ unit }) => unit },
  { name: "worth", kind: "text", read: ({ worth }) => worth?.value ?? null },
  { name: "currency", kind: "text", read: ({ worth }) => worth?.currency ?? null },
  { name: "since", kind: "time", read: ({ since }) => since },
  { name: "supplier", kind: "text", read: ({ supplier }) => supplier },
  { name: "site", kind: "text", read: ({ site }) => site },
];

export function addAccrualRoutes(app: ApiApp, deps: ApiDeps) {
  const finder = createItemFinder(deps);
  app.openapi(route, async (c) => {
    const asker = toAsker(c);
    const { limit, cursor, format, company, on, to, asOf, ...filter } = c.req.valid("query");
    const find = await finder.open(asker, asOf);
    const { at } = find(c.req.valid("param").id, { company, on, to, from: to && FIRST_MOMENT });
    const { rule, sides } = at.model;
    if (rule.measure.kind !== "quantity" || sides.b.isLevel)
      throw new AppError(
        "invalid_request",
        `${rule.title} compares no receipts by quantity: nothing of it is accrued.`,
      );
    return respondWithList(c, deps.exports, {
      name: `accruals-${rule.id}`,
      query: { limit, cursor, format },
      columns: COLUMNS,
      findPage: (paging) => listAccruals(deps.reader, asker, { at, asked: { on, to }, filter, ...paging }),
    });
  });
}
