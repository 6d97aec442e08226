import { usage } from "@throughline/schemas/trade-attributes";
import { parseRational } from "@throughline/schemas/exact/rational";
import type { Quantity } from "@throughline/schemas/exact/units";
import { type Contest, type Fact, toIdentity, toObjectKey } from "../fact.ts";
import { resolveFacts } from "../legs/resolve-facts.ts";
import { findReversed } from "../legs/reversals.ts";
import type { Money } from "./currency.ts";
import { listMilestones, roleOf } from "./trade-types.ts";

/** Facts that stand, by event time, and the identities that were stated with different content. */
export interface StandingFacts {
  facts: Fact[];
  conflicts: ReadonlySet<string>;
}

/**
 * Leaves what counts: one statement of each event, without failures, tests and trainings, and without what was taken
 * back. A reversal that names an invoice or a receipt and nothing else takes back all of it that came before.
 */
export function listStanding(facts: readonly Fact[], contested: ReadonlyMap<string, Contest>): StandingFacts {
  const resolved = resolveFacts(facts, contested);
  const counted = resolved.facts.filter((fact) => (fact.outcome === "" || fact.outcome === "ok") && isProduction(fact));
  const reversed = findReversed(dropUnrelated(counted), listMilestones);
  const undirected = groupByDocument(
    counted.filter((fact) => roleOf(fact) === "reversal" && fact.reverses === undefined),
  );
  const standing = counted.filter(
    (fact) =>
      roleOf(fact) !== "reversal" &&
      !reversed.has(fact) &&
      !listOfDocuments(undirected, fact).some((reversal) => takesBack(reversal, fact)),
  );
  const postings = {
    standing: groupByInvoice(standing.filter(isPosting)),
    reversed: groupByInvoice([...reversed.keys()].filter(isPosting)),
    reversedAt: reversed,
  };
  const unposted = standing.filter((fact) => !isUnposted(fact, postings));
  return { facts: unposted, conflicts: resolved.conflicts };
}

/** Reversals by the document that they name. */
function groupByDocument(reversals: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
  return Map.groupBy(reversals, ({ objects }) => {
    const document = objects.find(({ type }) => DOCUMENTS.has(type));
    return document === undefined ? "" : toObjectKey(document);
  });
}

function listOfDocuments(groups: ReadonlyMap<string, readonly Fact[]>, fact: Fact): readonly Fact[] {
  if (groups.size === 0) return NO_FACTS;
  return [...DOCUMENTS].flatMap((type) => {
    const id = findObject(fact, type);
    return id === undefined ? NO_FACTS : (groups.get(toObjectKey({ type, id })) ?? NO_FACTS);
  });
}

const NO_FACTS: readonly Fact[] = [];

function isPosting(fact: Fact): boolean {
  return roleOf(fact) === "posted-invoice";
}

/** Postings by their invoice, those that name none under "". */
function groupByInvoice(postings: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
  return Map.groupBy(postings, toInvoiceKey);
}

function toInvoiceKey(fact: Fact): string {
  const id = findObject(fact, "invoice");
  return id === undefined ? "" : toObjectKey({ type: "invoice", id });
}

/**
 * Leaves out reversals that name an event with which they share nothing that is matched: they would count or not by what else
 * is looked at.
 */
function dropUnrelated(facts: readonly Fact[]): Fact[] {
  const byIdentity = new Map(facts.map((fact) => [toIdentity(fact), fact]));
  return facts.filter((fact) => {
    if (fact.reverses === undefined || "milestone" in fact.reverses) return true;
    const target = byIdentity.get(toIdentity(fact.reverses));
    return target === undefined || isRelated(fact, target);
  });
}

const RELATING: ReadonlySet<string> = new Set([
  "purchase_order_line",
  "invoice",
  "credit_memo",
  "item",
  "contract_price",
]);

function isRelated(a: Fact, b: Fact): boolean {
  const isWhole = [a, b].every((fact) => findObject(fact, "purchase_order_line") === undefined);
  return a.objects.some(
    ({ type, id }) =>
      (RELATING.has(type) || (isWhole && type === "purchase_order")) &&
      b.objects.some((other) => other.type === type && other.id === id),
  );
}

/** What was received, posted, and taken back as posted is not there any more; another posting of it is. */
function isUnposted(fact: Fact, postings: Postings): boolean {
  if (roleOf(fact) !== "invoice" || postings.reversed.size === 0) return false;
  const takenBack = listPostings(postings.reversed, fact).some(
    (posting) => isSameLine(fact, posting) && fact.time <= (postings.reversedAt.get(posting) ?? -Infinity),
  );
  return takenBack && !listPostings(postings.standing, fact).some((posting) => isSameLine(fact, posting));
}

/** Postings by their invoice, of those that stand and of those that were taken back. */
interface Postings {
  standing: ReadonlyMap<string, readonly Fact[]>;
  reversed: ReadonlyMap<string, readonly Fact[]>;
  reversedAt: ReadonlyMap<Fact, number>;
}

/** Those that can be of the line of a fact: of its invoice, or of none that is named. */
function listPostings(groups: Postings["standing"], fact: Fact): readonly Fact[] {
  const key = toInvoiceKey(fact);
  if (key === "") return [...groups.values()].flat();
  return [...(groups.get(key) ?? NO_FACTS), ...(groups.get("") ?? NO_FACTS)];
}

function isSameLine(a: Fact, b: Fact): boolean {
  const isAlike = (type: string) => {
    const [left, right] = [findObject(a, type), findObject(b, type)];
    return left === undefined || right === undefined || left === right;
  };
  const types = ["invoice", "credit_memo", "purchase_order_line", "invoice_line"];
  return (
    types.some((type) => findObject(a, type) !== undefined && findObject(a, type) === findObject(b, type)) &&
    types.every(isAlike) &&
    isSameDocument(a, b)
  );
}

function isProduction({ attributes }: Fact): boolean {
  return (usage.parse(attributes["usage"]) ?? "production") === "production";
}

const DOCUMENTS: ReadonlySet<string> = new Set(["invoice", "credit_memo", "goods_receipt", "return"]);

/** Without `reverses`, a reversal concerns the document that it names, of its order line where it names one. */
function takesBack(reversal: Fact, fact: Fact): boolean {
  if (fact.time > reversal.time || fact.type.split(".")[1] !== reversal.type.split(".")[1]) return false;
  const document = reversal.objects.find(({ type }) => DOCUMENTS.has(type));
  const line = findObject(reversal, "purchase_order_line");
  return (
    document !== undefined &&
    findObject(fact, document.type) === document.id &&
    (line === undefined || findObject(fact, "purchase_order_line") === line) &&
    isSameDocument(reversal, fact)
  );
}

function isSameDocument(reversal: Fact, fact: Fact): boolean {
  const [left, right] = [reversal.attributes["document"], fact.attributes["document"]];
  return left === undefined || right === undefined || left === right;
}

/** The id of the first object of a type that an event names. */
export function findObject({ objects }: Pick<Fact, "objects">, type: string): string | undefined {
  return objects.find((object) => object.type === type)?.id;
}

/** A measure of an event as money; undefined when it states none, or a quantity. */
export function findMoney({ measures }: Pick<Fact, "measures">, name: string): Money | undefined {
  const measure = measures[name];
  const value = measure && parseRational(measure.value);
  return measure && value && "currency" in measure && measure.currency !== ""
    ? { value, currency: measure.currency }
    : undefined;
}

/** A measure of an event as a quantity; undefined when it states none, or money. */
export function findQuantity({ measures }: Pick<Fact, "measures">, name: string): Quantity | undefined {
  const measure = measures[name];
  const value = measure && parseRational(measure.value);
  return measure && value && "unit" in measure && measure.unit !== "" ? { value, unit: measure.unit } : undefined;
}

/** The same goods as a document states them: as counted, in order units, price units and base units. */
export function listQuantities(fact: Pick<Fact, "measures">): Quantity[] {
  const names = ["quantity", "order_quantity", "price_quantity", "base_quantity"];
  return names.flatMap((name) => findQuantity(fact, name) ?? []);
}

/** One fact for each document line, where several report it: the earliest statement of the smallest digest. */
export function dropRepeated(facts: readonly Fact[], keyOf: (fact: Fact) => string | undefined): Fact[] {
  const groups = Map.groupBy(facts, (fact) => keyOf(fact) ?? toIdentity(fact));
  return [...groups.values()].flatMap((group) =>
    group.length === 1
      ? group
      : group
          .toSorted((a, b) => compareTexts(toContent(a), toContent(b)) || a.time - b.time || compareTexts(a.id, b.id))
          .slice(0, 1),
  );
}

/** Whether any of the facts was stated with different content, or any document line with different figures. */
export function isContested(
  facts: readonly Fact[],
  { conflicts, keyOf }: { conflicts: ReadonlySet<string>; keyOf: (fact: Fact) => string | undefined },
): boolean {
  if (facts.some((fact) => conflicts.has(toIdentity(fact)))) return true;
  const groups = Map.groupBy(facts, (fact) => `${roleOf(fact) ?? ""}\u0000${keyOf(fact) ?? toIdentity(fact)}`);
  return [...groups.values()].some((group) => group.length > 1 && new Set(group.map(toContent)).size > 1);
}

function toContent({ measures }: Fact): string {
  const pairs = Object.entries(measures).toSorted(([a], [b]) => compareTexts(a, b));
  return JSON.stringify(pairs);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
