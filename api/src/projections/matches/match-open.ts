import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { toOutcome } from "./cause.ts";
import { needsWork, toFingerprint } from "./fingerprint.ts";
import type { CurrentMatch } from "./match-row.ts";

const DOMAIN = "erp";

/** Rows for `match_open`: what begins to keep something from being paid is added, what no longer stands is taken away. */
export function toOpenRows(
  pairs: readonly { before: CurrentMatch | undefined; after: CurrentMatch | undefined }[],
): object[] {
  return pairs.flatMap(({ before, after }) => [
    ...(before && needsWork(before) ? [toOpenRow(before, -1)] : []),
    ...(after && needsWork(after) ? [toOpenRow(after, 1)] : []),
  ]);
}

function toOpenRow(row: CurrentMatch, results: 1 | -1): object {
  return {
    subject_type: row.subjectType,
    subject_id: row.subjectId,
    document: row.document,
    kind: row.kind,
    order_line: row.orderLine,
    line: row.line,
    batch: row.batch,
    outcome: toOutcome(row.causes),
    codes: [...new Set(row.causes.map(({ code }) => code))],
    fingerprint: toFingerprint(row.causes),
    amount: row.amount,
    currency: row.currency,
    company: row.company,
    supplier: row.supplier,
    supplier_group: row.supplierGroup,
    item_category: row.itemCategory,
    entered_at: toTimestamp(row.enteredAt),
    due_on: row.dueOn,
    discount_on: row.discountOn,
    site: row.site,
    domain: DOMAIN,
    results,
  };
}
