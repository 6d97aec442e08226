import type { Measure } from "@throughline/schemas/event";
import type { Fact } from "../fact.ts";
import type { MatchContext, Matches } from "./match.ts";
import { readDocuments } from "./read-documents.ts";
import { match } from "./trade.fixture.ts";

let nextPosition = 1;

/** "10 CS" is a quantity, "24.00 USD" an amount. */
function toMeasure(text: string): Measure {
  const [value = "", code = ""] = text.split(" ");
  return /^(USD|EUR|JPY)$/.test(code) ? { value, currency: code } : { value, unit: code };
}

interface Draft {
  id?: string;
  objects?: Record<string, string>;
  measures?: Record<string, string>;
  attributes?: Record<string, unknown>;
  reverses?: Fact["reverses"];
  outcome?: string;
  digest?: string;
  revision?: number;
}

/** An event at noon of a day of March 2026. */
export function say(day: number, type: string, draft: Draft = {}): Fact {
  const position = nextPosition++;
  const objects = { purchase_order_line: "4500000001/10", ...draft.objects };
  const measures = Object.entries(draft.measures ?? {}).map(([name, text]) => [name, toMeasure(text)] as const);
  const time = Date.UTC(2026, 2, day, 12);
  return {
    log: "log",
    position,
    source: "/erp/group",
    id: draft.id ?? `${type}-${position}`,
    revision: draft.revision ?? 0,
    digest: draft.digest ?? "00",
    type,
    domain: type.split(".")[0] ?? "",
    time,
    arrivedAt: time,
    site: "north",
    outcome: draft.outcome ?? "",
    objects: Object.entries(objects).flatMap(([objectType, id]) => (id === "" ? [] : [{ type: objectType, id }])),
    reverses: draft.reverses,
    measures: Object.fromEntries(measures),
    attributes: draft.attributes ?? {},
  };
}

export const ordered = (day = 1, draft: Draft = {}) =>
  say(day, "procurement.purchase_order.created", {
    ...draft,
    objects: { purchase_order: "4500000001", item: "00093415573", supplier: "CARDINAL", ...draft.objects },
    measures: { quantity: "100 EA", price: "10.00 USD", ...draft.measures },
    attributes: { receipt_expected: true, ...draft.attributes },
  });

export const received = (day: number, quantity: string, draft: Draft = {}) =>
  say(day, "erp.goods_receipt.posted", { ...draft, measures: { quantity, ...draft.measures } });

/** A line over "100 EA for 1000.00 USD"; either may be left out. */
export function invoiced(day: number, billed: string, draft: Draft = {}): Fact {
  const [quantity, amount] = billed.split(" for ");
  return say(day, "erp.invoice.received", {
    ...draft,
    objects: { invoice: "CARDINAL/INV-0087", ...draft.objects },
    measures: { ...(quantity ? { quantity } : {}), ...(amount ? { amount } : {}), ...draft.measures },
  });
}

/** What matching says of facts, whatever their order. */
export function matchFacts(facts: readonly Fact[], context: Partial<MatchContext> = {}): Matches {
  return match(readDocuments(facts, new Map()), context);
}
