import { z } from "@hono/zod-openapi";
import { decimal, instant, text } from "@throughline/schemas/text";
import { AGE_BANDS } from "../projections/reconciliations/age.ts";
import { ITEM_CLASSES } from "../projections/reconciliations/classify.ts";
import { SIDES } from "../projections/reconciliations/entry.ts";
import { ITEM_CAUSES } from "../projections/reconciliations/find-cause.ts";
import { FLOW_KINDS } from "../projections/reconciliations/flows.ts";
import { MAX_LISTED } from "../projections/reconciliations/item-entries.ts";
import { queryInstant } from "./figure.ts";
import { person } from "./excuse.ts";
import { listOf, page, pageQuery } from "./page.ts";

const total = z.object({ count: z.int(), value: decimal }).meta({
  id: "ItemTotal",
  description: "How many open items, and what they add up to, in the unit of the statement.",
});

export const ageBand = z.enum(AGE_BANDS.map(({ band }) => band));
const drift = {
  unit: z.string().meta({ description: "Unit or currency; empty: what states none and agrees with nothing." }),
  net: decimal.meta({ description: "What side a has more than side b." }),
  gross: decimal.meta({ description: "All open items added up, each without its sign." }),
  count: z.int().meta({ description: "Open items." }),
  byClass: z.array(total.extend({ class: z.enum(ITEM_CLASSES) })),
  byCause: z.array(total.extend({ cause: z.enum(ITEM_CAUSES) })),
  aging: z.array(total.extend({ days: ageBand })),
  beyondItemLimit: z.int().meta({ description: "Open items that are beyond the limit of an item." }),
  isAccountBreached: z.boolean().meta({ description: "The gross of breaks and cut-off items is beyond its limit." }),
  itemsHref: z.string(),
};

export const unitDrift = z.object(drift);

const isKept = z.boolean().meta({
  description:
    "False: nothing was ever held against anything, because reconciliations are not kept or none of its events came. Then no figure says anything.",
});

export const feed = z.object({
  completeTo: instant.nullable().meta({ description: "Null when nothing was ever heard." }),
  isSilent: z.boolean(),
});

const described = {
  title: z.string(),
  domain: z.string(),
  owner: z.string(),
  a: z.string().meta({ description: "What side a says." }),
  b: z.string().meta({ description: "What side b says." }),
  measure: z.enum(["count", "quantity", "money"]),
  response: z.string().meta({ description: "What to do about a break." }),
};

const reconciliationItem = z
  .object({
    id: z.string(),
    ...described,
    isKept,
    feeds: z.object({ a: feed, b: feed }),
    units: z.array(unitDrift).meta({ description: "Never added up over units or currencies." }),
    statementHref: z.string(),
  })
  .meta({ id: "ReconciliationItem", description: "A reconciliation with what is open now." });

export const reconciliationList = z.object({ items: z.array(reconciliationItem) }).meta({ id: "ReconciliationList" });

const company = text(64, 1)
  .optional()
  .meta({ description: "A company of the books: its sites, its clocks and its fiscal calendar. None: everything." });

export const range = {
  company,
  on: z.iso.date().optional().meta({ description: "A day: the fiscal period that it lies in." }),
  from: queryInstant.optional(),
  to: queryInstant.optional(),
};

export const asOf = queryInstant.optional().meta({
  description:
    "What was known at that moment; none: what is known now. Of a moment before feeds were kept it is refused.",
});

const { format } = pageQuery;

export const reconciliationsQuery = z.strictObject({ asOf, format });
export const statementQuery = z.strictObject({ ...range, asOf, format });
export const reconciliationPath = z.object({ id: text(64, 1) });

const adjustment = total.extend({
  kind: z.enum(["fx", "reclass", "after_lock"]),
  reason: z.string(),
  checkpoint: z
    .string()
    .nullable()
    .meta({ description: "Of `after_lock`: the locked checkpoint that what is known now differs from." }),
  href: z.string().nullable().meta({ description: "The items that it is made of." }),
});

export const unitStatement = z.object({
  ...drift,
  opening: total,
  new: total,
  reopened: total,
  changed: total,
  cleared: total,
  adjustments: z.array(adjustment),
  closing: total,
  residual: total.meta({ description: "Always nothing: a residual is answered as an error." }),
});

const rowsHref = z.string();

/** A statement's unit with the rows of its figures; those of the closing are `itemsHref`. */
const openedUnit = unitStatement.extend({
  rows: z
    .object({ opening: rowsHref, new: rowsHref, reopened: rowsHref, changed: rowsHref, cleared: rowsHref })
    .meta({ description: "The rows that each figure is made of." }),
});

export const statementPeriod = z.object({
  id: z.string().nullable().meta({ description: "Null where it is no fiscal period." }),
  from: instant,
  to: instant.meta({ description: "The cut-off: what happened before it is in the statement." }),
  zone: z.string().meta({ description: "The clocks by which days and periods end, unless a site has its own." }),
});

const standingLock = z.object({
  checkpoint: z.string(),
  lockedAt: instant,
  lockedBy: person,
  reason: z.string(),
  href: z.string(),
});

export const statement = z
  .object({
    reconciliation: z.string(),
    ...described,
    ruleVersion: z.string(),
    isKept,
    company: z.object({ id: z.string(), title: z.string() }),
    period: statementPeriod,
    readAt: instant.meta({ description: "By what was known then." }),
    lock: standingLock
      .nullable()
      .meta({ description: "Where the period is locked: its figures are those of the lock, whatever arrived since." }),
    feeds: z.object({ a: feed, b: feed }),
    units: z.array(openedUnit),
  })
  .meta({ id: "Statement", description: "How the open items of a beginning became those of an end, by unit." });

const stated = z.object({ source: z.string(), id: z.string() });

export const openItem = z
  .object({
    key: z.array(z.string()),
    unit: z.string(),
    side: z.enum(SIDES),
    source: z.string(),
    id: z.string(),
    value: decimal.meta({ description: "Signed, as it adds to the net." }),
    class: z.enum(ITEM_CLASSES),
    cause: z.enum(ITEM_CAUSES),
    since: instant,
    days: ageBand,
    dueAt: instant,
    period: z.string(),
    isMatched: z.boolean().meta({ description: "The other side was seen too, and differs." }),
    isContested: z.boolean(),
    isBeyondLimit: z.boolean(),
    worth: z
      .object({ value: decimal, currency: z.string() })
      .nullable()
      .meta({ description: "Of an open quantity: at the price of side a, where it is known." }),
    supplier: z.string(),
    site: z.string(),
    entries: z.object({ a: z.int(), b: z.int() }).meta({ description: "How many events stand in it." }),
    events: z
      .object({ a: z.array(stated), b: z.array(stated) })
      .meta({ description: `These events, the first ${MAX_LISTED} of each side.` }),
    href: z.string().meta({ description: "The journey of the object that the key begins with." }),
  })
  .meta({ id: "OpenItem", description: "What one side has without the other, or has otherwise." });

export const openItemsQuery = z.strictObject({
  company,
  on: range.on,
  to: range.to,
  unit: listOf(text(64)),
  class: listOf(z.enum(ITEM_CLASSES)),
  cause: listOf(z.enum(ITEM_CAUSES)),
  side: listOf(z.enum(SIDES)),
  days: listOf(ageBand),
  site: listOf(text(128)),
  supplier: listOf(text(512)),
  q: text(200, 1).optional().meta({ description: "Text that the key contains, in any case." }),
  asOf,
  ...pageQuery,
});

export const openItemPage = page(openItem, "Open items, the oldest first.").meta({ id: "OpenItemPage" });

export const itemMove = z
  .object({
    subject: z
      .object({ type: z.string(), id: z.string() })
      .meta({ description: "The object that the key begins with." }),
    kind: z.enum(FLOW_KINDS),
    unit: z.string(),
    count: z.int(),
    value: decimal.meta({ description: "In gross; signed where it is a change." }),
    at: instant.meta({ description: "The minute in which it happened." }),
    site: z.string(),
    href: z.string().meta({ description: "The journey of the object." }),
  })
  .meta({ id: "ItemMove", description: "What opened or cleared items of one object in one minute." });

export const itemMovesQuery = z.strictObject({
  ...range,
  unit: listOf(text(64)),
  kind: listOf(z.enum(FLOW_KINDS)),
  asOf,
  ...pageQuery,
});

export const itemMovePage = page(itemMove, "What moved, the latest first.").meta({ id: "ItemMovePage" });

export type ReconciliationList = z.infer<typeof reconciliationList>;
export type Statement = z.infer<typeof statement>;
export type ReconciliationItem = z.infer<typeof reconciliationItem>;
export type ReconciliationsQuery = z.infer<typeof reconciliationsQuery>;
export type AskedRange = Partial<Pick<StatementQuery, "company" | "on" | "from" | "to">>;
export type StatementQuery = z.infer<typeof statementQuery>;
export type OpenItem = z.infer<typeof openItem>;
export type OpenItemsQuery = z.infer<typeof openItemsQuery>;
export type OpenItemPage = z.infer<typeof openItemPage>;
export type ItemMove = z.infer<typeof itemMove>;
export type ItemMovesQuery = z.infer<typeof itemMovesQuery>;
export type ItemMovePage = z.infer<typeof itemMovePage>;
