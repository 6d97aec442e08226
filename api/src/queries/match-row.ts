import { type MatchCause, matchCause, matchOutcome } from "@throughline/schemas/match";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { MATCH_KINDS, type MatchItem } from "../contract/match.ts";
import { toJourneyHref } from "../http/href.ts";
import { toMatchId } from "../matches/match-id.ts";

/** The columns that a match is read from; `batch` as text, since it is only compared. */
export const MATCH_COLUMNS = `subject_type, subject_id, document, kind, order_line, line, outcome, causes, detail, amount, currency,
  company, supplier, supplier_group, item_category, is_contested, entered_at, due_on, discount_on, profile, rule_version, site, domain, evaluated_at`;

/** The columns that say what a result is of. */
export const matchSlotShape = {
  subject_type: z.string(),
  subject_id: z.string(),
  document: z.string(),
  kind: z.enum(MATCH_KINDS),
  order_line: z.string(),
  line: z.string(),
};

export const matchRow = z.object({
  ...matchSlotShape,
  outcome: matchOutcome,
  causes: z.string(),
  detail: z.string(),
  amount: z.string(),
  currency: z.string(),
  company: z.string(),
  supplier: z.string(),
  supplier_group: z.string(),
  item_category: z.string(),
  is_contested: z.int(),
  entered_at: instant,
  due_on: z.string(),
  discount_on: z.string(),
  profile: z.string(),
  rule_version: z.string(),
  site: z.string(),
  domain: z.string(),
  evaluated_at: instant,
});

export type MatchRow = z.infer<typeof matchRow>;

/** The causes of a result as they are stored. */
export function parseCauses(text: string): MatchCause[] {
  return storedCauses.parse(JSON.parse(text));
}

const storedCauses = z.array(matchCause);
const money = z.object({ value: z.string(), currency: z.string() }).optional();

const storedDetail = z.object({
  lines: z.array(z.string()).default([]),
  figures: z.record(z.string(), z.string()).optional(),
  fx: money,
  writtenOff: money,
  discount: money,
  unit: z.string().optional(),
  open: z.string().optional(),
  uncleared: z.string().optional(),
});

export function toMatchItem(row: MatchRow): Omit<MatchItem, "work"> {
  const detail = storedDetail.parse(JSON.parse(row.detail));
  const isOrder = row.kind === "order";
  const toQuantity = (value: string | undefined) =>
    value === undefined || detail.unit === undefined ? null : { value, unit: detail.unit };
  return {
    id: toMatchId(row),
    kind: row.kind,
    invoice: isOrder ? null : row.subject_id,
    invoiceType: isOrder ? null : row.subject_type === "credit_memo" ? "credit_memo" : "invoice",
    document: row.document,
    line: detail.lines[0] ?? null,
    lines: detail.lines,
    order: row.order_line === "" ? null : row.order_line,
    outcome: row.outcome,
    causes: parseCauses(row.causes),
    figures: detail.figures ?? null,
    amount: row.amount === "" ? null : { value: row.amount, currency: row.currency },
    writtenOff: detail.writtenOff ?? null,
    fx: detail.fx ?? null,
    open: toQuantity(detail.open),
    uncleared: toQuantity(detail.uncleared),
    discount: detail.discount ?? null,
    discountOn: row.discount_on === "" ? null : row.discount_on,
    dueOn: row.due_on === "" ? null : row.due_on,
    company: row.company,
    supplier: row.supplier,
    isContested: row.is_contested === 1,
    enteredAt: row.entered_at,
    profile: row.profile,
    site: row.site,
    domain: row.domain,
    ruleVersion: row.rule_version,
    evaluatedAt: row.evaluated_at,
    href: toJourneyHref(
      row.order_line === ""
        ? { type: row.subject_type, id: row.subject_id }
        : { type: "purchase_order_line", id: row.order_line },
    ),
  };
}
