import type { MatchesQuery } from "../contract/match.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";

/** What a list of matches is narrowed to; paging and form apart. */
export type MatchFilter = Omit<MatchesQuery, "limit" | "cursor" | "format" | "sort">;

const DAY_MS = 86_400_000;

/** What is the same for all results of a slot narrows what is read at all. */
const OF_SLOT: Conditions<"kind" | "invoice" | "order" | "q"> = {
  kind: "kind IN {kind: Array(String)}",
  invoice: "subject_type != 'purchase_order_line' AND subject_id = {invoice: String}",
  order: "order_line = {order: String}",
  q: "positionCaseInsensitiveUTF8(concat(subject_id, ' ', order_line), {q: String}) > 0",
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

/** What its slot has to be. */
export function whereSlot({ kind, invoice, order, q }: Partial<MatchFilter>) {
  return whereGiven(OF_SLOT, { kind, invoice, order, q });
}

/** What a row has to say to be listed, its slot included. */
export function whereResult(filter: Partial<MatchFilter>) {
  const { kind, invoice, order, q, outcome, code, supplier, company, site, domain, from, to } = filter;
  const times = { from: from && toStoreTime(from), to: to && toStoreTime(to) };
  return whereGiven(
    { ...OF_SLOT, ...OF_RESULT },
    { kind, invoice, order, q, outcome, code, supplier, company, site, domain, ...times },
  );
}

/** The filter with its ages as times of entry: the later beginning and the earlier end count. */
export function withAges(filter: MatchFilter, now: number): MatchFilter {
  const { minAgeDays, maxAgeDays, from, to, ...rest } = filter;
  const ago = (days: number | undefined, laterMs = 0) =>
    days === undefined ? undefined : new Date(now - days * DAY_MS + laterMs).toISOString();
  const first = [from, ago(maxAgeDays)].filter((time) => time !== undefined).toSorted(compareTimes);
  // The end is not included, and what is exactly so old is.
  const last = [to, ago(minAgeDays, 1)].filter((time) => time !== undefined).toSorted(compareTimes);
  return { ...rest, minAgeDays, maxAgeDays, from: first.at(-1), to: last[0] };
}

function compareTimes(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}
