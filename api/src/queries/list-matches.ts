import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { MatchesQuery, MatchItem } from "../contract/match.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";
import { findCeiling } from "./find-ceiling.ts";
import { MATCH_COLUMNS, matchRow, toMatchItem } from "./match-row.ts";

/** What a list of matches is narrowed to; paging and form apart. */
export type MatchFilter = Omit<MatchesQuery, "limit" | "cursor" | "format">;

const TIMEOUT_SECONDS = 15;
const KEY = "subject_type, subject_id, document, kind, order_line, line";

/** What is the same for all results of a slot narrows what is read at all. */
const OF_SLOT: Conditions<"kind" | "invoice" | "order" | "q" | "asOf"> = {
  kind: "kind IN {kind: Array(String)}",
  invoice: "subject_type != 'purchase_order_line' AND subject_id = {invoice: String}",
  order: "order_line = {order: String}",
  q: "positionCaseInsensitiveUTF8(concat(subject_id, ' ', order_line), {q: String}) > 0",
  asOf: "evaluated_at <= {asOf: DateTime64(3, 'UTC')}",
};

const OF_RESULT: Conditions<"outcome" | "code" | "supplier" | "company" | "site" | "domain" | "from" | "to"> = {
  outcome: "outcome IN {outcome: Array(String)}",
  code: "hasAny(codes, {code: Array(String)})",
  supplier: "supplier IN {supplier: Array(String)}",
  company: "company IN {company: Array(String)}",
  site: "site IN {site: Array(String)}",
  domain: "domain IN {domain: Array(String)}",
  from: "entered_at >= {from: DateTime64(3, 'UTC')}",
  to: "entered_at < {to: DateTime64(3, 'UTC')}",
};

const place = z.object({
  enteredAt: instant,
  key: z.tuple([z.string(), z.string(), z.string(), z.string(), z.string(), z.string()]),
});
const cursorPlace = z.object({ ceiling: z.string().regex(/^\d{1,20}$/), after: place });

/**
 * One page of the current results that fit the filter, the latest entered first. All pages show the results as they stood
 * when the first was read.
 */
export async function listMatches(
  reader: StoreReader,
  asker: Asker,
  { filter, limit, cursor }: { filter: MatchFilter; limit: number; cursor: string | undefined },
): Promise<{ items: MatchItem[]; nextCursor: string | null }> {
  const start = cursor === undefined ? undefined : parseCursor(cursor, cursorPlace, filter);
  const ceiling = start?.ceiling ?? (await findCeiling(reader, asker, "reconciler"));
  const { asOf, from, to } = filter;
  const ofSlot = whereGiven(OF_SLOT, { ...filter, asOf: asOf && toStoreTime(asOf) });
  const ofResult = whereGiven(OF_RESULT, { ...filter, from: from && toStoreTime(from), to: to && toStoreTime(to) });
  const rows = await reader.ask(asker, {
    caller: "list-matches",
    sql: `SELECT ${MATCH_COLUMNS} FROM match_results
      WHERE (${KEY}, batch) IN (
        SELECT ${KEY}, batch FROM (
          SELECT ${KEY}, batch, is_removed, outcome, codes, supplier, company, site, domain, entered_at FROM match_results
          WHERE batch <= {ceiling: UInt64} AND ${ofSlot.sql}
          ORDER BY ${KEY}, batch DESC LIMIT 1 BY ${KEY}
        )
        WHERE is_removed = 0 AND ${ofResult.sql} AND ${start ? BEHIND : "1"}
        ORDER BY entered_at DESC, ${KEY} LIMIT {limit: UInt32}
      )
      ORDER BY entered_at DESC, ${KEY} LIMIT {limit: UInt32}`,
    values: { ...ofSlot.values, ...ofResult.values, ceiling, limit: limit + 1, ...toPlaceValues(start?.after) },
    row: matchRow,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(toMatchItem),
    nextCursor: last === undefined ? null : toCursor({ ceiling, after: toPlace(last) }, filter),
  };
}

const BEHIND = `(entered_at < {placeAt: DateTime64(3, 'UTC')} OR (entered_at = {placeAt: DateTime64(3, 'UTC')}
  AND (${KEY}) > ({typeAt: String}, {idAt: String}, {documentAt: String}, {kindAt: String}, {orderAt: String}, {lineAt: String})))`;

function toPlace(row: z.infer<typeof matchRow>): z.infer<typeof place> {
  const { subject_type, subject_id, document, kind, order_line, line } = row;
  return { enteredAt: row.entered_at, key: [subject_type, subject_id, document, kind, order_line, line] };
}

function toPlaceValues(after: z.infer<typeof place> | undefined) {
  if (after === undefined) return {};
  const [typeAt, idAt, documentAt, kindAt, orderAt, lineAt] = after.key;
  return { placeAt: toStoreTime(after.enteredAt), typeAt, idAt, documentAt, kindAt, orderAt, lineAt };
}
