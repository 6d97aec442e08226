import type { MatchAct, MatchItem, MatchTest, MatchWork } from "@throughline/api/contract";
import type { MatchCause, MatchCode, MatchOutcome } from "@throughline/schemas/match";
import { formatMeasure } from "../../format/measure.ts";
import { formatDecimal } from "../../format/number.ts";

export type WorkState = MatchWork["state"];

export const WORK_STATES = ["open", "in_work", "proposed", "accepted", "resolved"] as const;

export const STATE_FACES: Record<WorkState, { word: string; meaning: string }> = {
  open: { word: "Open", meaning: "Nobody works on it yet." },
  in_work: { word: "In work", meaning: "Somebody has taken it." },
  proposed: { word: "Wants approval", meaning: "One person accepts it as it is; a second one has to approve." },
  accepted: {
    word: "Accepted",
    meaning: "It stays as it is, as long as it differs by the same. The rules still say what they say.",
  },
  resolved: { word: "Resolved", meaning: "It passes by now, without anybody having decided so." },
};

export const OUTCOME_WORDS: Record<MatchOutcome, string> = {
  matched: "Matched",
  warned: "Posts with a warning",
  held: "Held",
  blocked: "Blocked",
  parked: "Parked",
  rejected: "Rejected",
};

/** What each code is called, and what it says of what was compared. */
export const CODE_FACES: Record<MatchCode, { word: string; meaning: string }> = {
  UOM_SUSPECT: {
    word: "Suspected unit",
    meaning: "The quantity is a factor between units of the item away from what is expected.",
  },
  NO_PO: { word: "No order", meaning: "It names no order line, or none that is known." },
  CURRENCY: { word: "Other currency", meaning: "It is in another currency than the order, or in none." },
  UOM_UNKNOWN: { word: "Unknown unit", meaning: "No factor leads from its unit to the order's." },
  ERS_INVOICE: {
    word: "Settled by receipt",
    meaning: "The line settles itself by its receipts; no invoice is expected.",
  },
  CONSIGN_INVOICE: { word: "Consignment", meaning: "The goods are paid when they are used; no invoice is expected." },
  QTY_OVER_RECEIVED: { word: "More than received", meaning: "It bills more than was received and not invoiced yet." },
  QTY_OVER_ORDERED: { word: "More than ordered", meaning: "It bills more than was ordered and not invoiced yet." },
  PRICE: { word: "Price", meaning: "It bills more than quantity times the order's price." },
  UOM_RATIO: {
    word: "Content of a unit",
    meaning: "An order unit holds another number of price units than the receipt says, or the order.",
  },
  CREDIT_EXCESS: { word: "Credit too high", meaning: "It takes back more than was invoiced too much." },
  FINAL_DELIVERY: { word: "Beyond final delivery", meaning: "It bills what no receipt can bring any more." },
  FREIGHT: { word: "Freight", meaning: "It bills more freight than was planned." },
  BLANKET_LIMIT: { word: "Blanket order used up", meaning: "It goes beyond the value of the blanket order." },
  BLANKET_DATE: { word: "Outside the blanket order", meaning: "It lies outside of the days of the blanket order." },
  DATE_EARLY: { word: "Early", meaning: "It bills much, long before the scheduled date." },
  AMOUNT_CAP: { word: "Large amount", meaning: "A line of this amount is always looked at." },
  DUP_EXACT: { word: "Duplicate", meaning: "It is the same as an earlier one." },
  HEADER_BALANCE: { word: "Does not add up", meaning: "Its parts do not make up its gross amount." },
  GRIV_NO_GR: { word: "Waits to be posted", meaning: "The order wants a receipt for each invoice, and there is none." },
  NO_RECEIPT: { word: "No receipt yet", meaning: "Nothing of what it bills has been received." },
  UNDERBILL: { word: "Billed too little", meaning: "It bills less than a lower limit lets pass." },
  DUP_PROBABLE: { word: "Probable duplicate", meaning: "It resembles an earlier one." },
  OVERDELIVERY: { word: "Over-delivery", meaning: "More was received than ordered and allowed beyond." },
  RETURN_NO_CREDIT: { word: "Return without credit", meaning: "Invoiced goods went back, and no credit came." },
  CONTRACT_PRICE: { word: "Not the contract's price", meaning: "The order's price is none of those that were agreed." },
  TAX: { word: "Tax", meaning: "The tax is not what the rates of the order lines make." },
};

type Limit = NonNullable<MatchCause["limit"]>;

/** `21.00 USD (2.10 %)`, `10 EA worth 100.00 USD`; empty where a cause has no figure. */
export function sayDifference({
  difference,
  quantity,
  percent,
}: Pick<MatchCause, "difference" | "quantity" | "percent">): string {
  const share = percent === undefined ? "" : ` (${formatDecimal(percent)} %)`;
  if (quantity !== undefined && difference !== undefined)
    return `${formatMeasure(quantity)} worth ${formatMeasure(difference)}${share}`;
  return difference === undefined ? share.trim() : `${formatMeasure(difference)}${share}`;
}

/** `50.00 or 2 %`, `nothing`, `not tested`: how far it may differ. */
export function sayLimit(limit: Limit | undefined): string {
  if (limit === undefined) return "";
  const parts = [sayBound(limit.amount, ""), sayBound(limit.percent, " %"), sayBound(limit.days, " days")].filter(
    (part) => part !== undefined,
  );
  const tested = parts.filter((part) => part !== "not tested");
  return tested.length === 0 ? "not tested" : [...new Set(tested)].join(" or ");
}

function sayBound(value: string | undefined, unit: string): string | undefined {
  if (value === undefined) return undefined;
  if (value === "off") return "not tested";
  return value === "zero" ? "nothing" : `${formatDecimal(value)}${unit}`;
}

/** What a row of the list is about, in words: `CARDINAL/INV-0087 on 4500012345/10`. */
export function sayMatch({ invoice, order, kind }: Pick<MatchItem, "invoice" | "order" | "kind">): string {
  if (invoice === null) return `Order line ${order ?? ""}`;
  return kind === "line" && order !== null ? `${invoice} on ${order}` : invoice;
}

/** What came of it. An order line that nothing speaks against is matched only when all that was received is invoiced, and the reverse. */
export function sayResult({ kind, outcome, uncleared }: Pick<MatchItem, "kind" | "outcome" | "uncleared">): string {
  if (kind !== "order" || outcome !== "matched" || uncleared === null || !/[1-9]/.test(uncleared.value))
    return OUTCOME_WORDS[outcome];
  return uncleared.value.startsWith("-") ? "Received, not invoiced" : "Invoiced, not received";
}

/** The first cause and how many more there are; of a whole invoice without its own, where to look. */
export function sayCauses({ causes, outcome, kind }: Pick<MatchItem, "causes" | "outcome" | "kind">): string {
  const [first, ...more] = causes;
  if (first === undefined) return outcome !== "matched" && kind === "invoice" ? "See its lines" : "";
  return `${CODE_FACES[first.code].word}${more.length === 0 ? "" : ` +${more.length}`}`;
}

/** What a test is called; where several tests give one code, with what it compares. */
export function sayTest({ code, of }: Pick<MatchTest, "code" | "of">): string {
  const { word } = CODE_FACES[code];
  return code === "UNDERBILL" || code === "CURRENCY" ? `${word}: ${of}` : word;
}

/** A test in words: passed, broken, or not tested at all. */
export function sayVerdict({
  isBroken,
  limit,
}: Pick<MatchTest, "isBroken" | "limit">): "Broken" | "Not tested" | "Passed" {
  if (isBroken) return "Broken";
  return limit !== undefined && sayLimit(limit) === "not tested" ? "Not tested" : "Passed";
}

/** How many days a date such as 2026-03-25 is ahead of a moment; negative when it is over. */
export function countDaysAhead(day: string, nowMs: number): number {
  return Math.ceil((Date.parse(`${day}T00:00:00Z`) - nowMs) / 86_400_000);
}

/** `in 3 days`, `today`, `2 days ago`. */
export function sayDaysAhead(days: number): string {
  if (days === 0) return "today";
  const count = Math.abs(days);
  const length = count === 1 ? "1 day" : `${count} days`;
  return days > 0 ? `in ${length}` : `${length} ago`;
}

const VERB_WORDS: Record<MatchAct["verb"], string> = {
  take: "took it",
  release: "gave it back",
  log: "logged",
  accept: "accepted it",
  approve: "approved",
  withdraw: "took the acceptance back",
};

/** `Ada logged 20 min`, `Ben approved`. */
export function sayAct({ verb, by, minutes }: Pick<MatchAct, "verb" | "by" | "minutes">): string {
  return `${by.name} ${VERB_WORDS[verb]}${verb === "log" ? ` ${minutes} min` : ""}`;
}
