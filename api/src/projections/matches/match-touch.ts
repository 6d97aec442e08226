import type { Tolerances } from "@throughline/schemas/pack/tolerance";
import { type Fact, toObjectKey } from "../fact.ts";
import type { Arrivals } from "../engine/touch.ts";
import type { Lookup } from "./match-lookups.ts";
import type { SubjectRef } from "./match-store.ts";
import { findObject } from "./read-facts.ts";
import { roleOf } from "./trade-types.ts";

/** What a step changes for matching. */
export interface TouchedMatches {
  /** Order lines, invoices and credit memos, by key. */
  subjects: Map<string, SubjectRef>;
  /** What each subject gains. */
  gained: Map<string, Fact[]>;
  /** Subjects whose history has to be read again. */
  reload: Set<string>;
  /** Items whose units or prices changed, whole orders that ended or were taken up again, prices that were withdrawn. */
  items: Set<string>;
  orders: Set<string>;
  prices: Set<string>;
  lookups: Lookup[];
}

/** Sorts what arrived by what it touches. Events that say nothing to matching cost one look at their type. */
export function collectTouched(
  arrivals: Pick<Arrivals, "facts" | "standings" | "contested">,
  isUsed: (fact: Fact) => boolean,
): TouchedMatches {
  const touched: TouchedMatches = {
    subjects: new Map(),
    gained: new Map(),
    reload: new Set(),
    items: new Set(),
    orders: new Set(),
    prices: new Set(),
    lookups: [],
  };
  for (const { fact } of arrivals.facts)
    if (isUsed(fact) && arrivals.standings.get(fact) !== "duplicate") touch(fact, touched);
  for (const { statements } of arrivals.contested)
    for (const fact of statements) {
      if (!isUsed(fact)) continue;
      for (const subject of listSubjects(fact)) {
        touched.subjects.set(toObjectKey(subject), subject);
        touched.reload.add(toObjectKey(subject));
      }
    }
  return touched;
}

function touch(fact: Fact, touched: TouchedMatches) {
  for (const subject of listSubjects(fact)) {
    const key = toObjectKey(subject);
    touched.subjects.set(key, subject);
    const gained = touched.gained.get(key);
    if (gained) gained.push(fact);
    else touched.gained.set(key, [fact]);
  }
  for (const { kind, key } of listKeys(fact)) {
    touched.lookups.push({ kind, key, fact });
    if (kind === "item") touched.items.add(key);
    else if (kind === "purchase_order") touched.orders.add(key);
    else if (roleOf(fact) === "price-withdrawal") touched.prices.add(key);
  }
}

/**
 * Tells which facts matching uses: notices only where a profile asks for them, counts at the dock only where they say that
 * no more will come.
 */
export function createFactFilter({ profiles }: Pick<Tolerances, "profiles">): (fact: Fact) => boolean {
  const wantsNotices = profiles.some(({ shipNotice }) => shipNotice === "required");
  return (fact) => {
    const role = roleOf(fact);
    if (role === "notice") return wantsNotices;
    if (role === "count") return fact.attributes["final"] === true || fact.revision > 0;
    return role !== undefined;
  };
}

/** The types of the objects that are matched. */
export const MATCHED_TYPES: ReadonlySet<string> = new Set(["purchase_order_line", "invoice", "credit_memo"]);

/** The order lines and documents that a fact names, of those that are matched. */
export function listSubjects(fact: Fact): SubjectRef[] {
  return fact.objects.filter(({ type }) => MATCHED_TYPES.has(type));
}

export type ReferenceKey = { kind: "item" | "contract_price" | "purchase_order"; key: string };

function listKeys(fact: Fact): ReferenceKey[] {
  const role = roleOf(fact);
  const of = (kind: ReferenceKey["kind"]) => {
    const key = findObject(fact, kind);
    return key === undefined ? [] : [{ kind, key }];
  };
  if (role === "units") return of("item");
  if (role === "price") return [...of("item"), ...of("contract_price")];
  if (role === "price-withdrawal") return of("contract_price");
  const isWhole = findObject(fact, "purchase_order_line") === undefined;
  return isWhole && (role === "cancellation" || role === "reactivation") ? of("purchase_order") : [];
}
