import type { ClickHouseClient } from "@clickhouse/client";
import type { UnitEquation } from "@throughline/schemas/exact/units";
import { type Contest, type Fact, toObjectKey } from "../fact.ts";
import type { Step } from "../engine/steps.ts";
import { isPosted } from "./cause.ts";
import { type Invoice, compareInvoices, toInvoiceKey } from "./documents.ts";
import { toDuplicateKey } from "./duplicates.ts";
import { evaluateMatches, groupByOrder } from "./evaluate-matches.ts";
import type { InvoiceMatch, Matches, ProfileOf } from "./match.ts";
import { type Lookup, listAlike } from "./match-lookups.ts";
import { type CurrentMatch, type MatchRow, isSameMatch, toInvoiceRows, toMatchSlot, toOrderRow } from "./match-row.ts";
import type { MatchScope } from "./match-scope.ts";
import type { SubjectRef } from "./match-store.ts";
import { listSubjects } from "./match-touch.ts";
import { type Documents, readDocuments } from "./read-documents.ts";
import { findObject, listStanding } from "./read-facts.ts";
import { readContractPrices, readItemUnits } from "./read-reference.ts";

const ORDER_LINE = "purchase_order_line";

export interface ScopeEvaluation {
  client: ClickHouseClient;
  step: Step;
  contested: ReadonlyMap<string, Contest>;
  touched: readonly SubjectRef[];
  profileOf: ProfileOf;
  units: readonly UnitEquation[];
  ruleVersion: string;
}

export interface Evaluated {
  /** What changed: the row that was current, and the one that takes its place. */
  pairs: { before: CurrentMatch | undefined; after: CurrentMatch | undefined }[];
  lookups: Lookup[];
}

/** What is being evaluated: documents by key, and the order lines whose invoices are all in sight. */
interface Working {
  invoices: Map<string, SubjectRef>;
  orders: Map<string, SubjectRef>;
  documents: Documents;
}

/**
 * Evaluates the touched subjects and what depends on them. An invoice needs its order lines and the earlier invoices on
 * these; when it comes into the books or leaves them, the later ones are evaluated too, until nothing moves any more.
 */
export async function evaluateScope(scope: MatchScope, options: ScopeEvaluation): Promise<Evaluated> {
  const invoices = new Map<string, SubjectRef>();
  const touchedOrders = new Map<string, SubjectRef>();
  await scope.load(options.touched);
  for (const subject of options.touched)
    (subject.type === ORDER_LINE ? touchedOrders : invoices).set(toObjectKey(subject), subject);
  // The order lines of a touched invoice are touched themselves: what it leaves to others may have changed.
  for (const subject of namedBy(scope, [...invoices.keys()]))
    if (subject.type === ORDER_LINE) touchedOrders.set(toObjectKey(subject), subject);
  await scope.load([...touchedOrders.values()]);
  for (const subject of namedBy(scope, [...touchedOrders.keys()]))
    if (subject.type !== ORDER_LINE) invoices.set(toObjectKey(subject), subject);
  for (;;) {
    const working = await readAround(scope, { invoices, orders: touchedOrders }, options);
    const alike = await loadAlike(scope, working, options);
    const documents = alike.isGrown ? readScope(scope, working.facts, options) : working.documents;
    const settled = (invoice: Invoice) => findSettled(scope, invoices, invoice);
    const matches = evaluateMatches(
      documents,
      { profileOf: options.profileOf, reference: await readReference(scope, documents, options) },
      settled,
    );
    const more = [...alike.wanted, ...listMoved(scope, { documents, matches, invoices })];
    const fresh = more.filter((subject) => !invoices.has(toObjectKey(subject)));
    if (fresh.length === 0) return toEvaluated(scope, { ...working, documents, invoices }, { matches, ...options });
    for (const subject of fresh) invoices.set(toObjectKey(subject), subject);
  }
}

/** The subjects that the facts of others name. */
function namedBy(scope: MatchScope, keys: readonly string[]): SubjectRef[] {
  return keys.flatMap((key) => scope.subjects.get(key)?.facts.flatMap(listSubjects) ?? []);
}

async function readAround(
  scope: MatchScope,
  given: Pick<Working, "invoices" | "orders">,
  options: ScopeEvaluation,
): Promise<Working & { facts: Fact[] }> {
  await scope.load([...given.invoices.values()]);
  const orders = new Map(given.orders);
  for (const subject of namedBy(scope, [...given.invoices.keys()]))
    if (subject.type === ORDER_LINE) orders.set(toObjectKey(subject), subject);
  await scope.load([...orders.values()]);
  await scope.load(namedBy(scope, [...orders.keys()]).filter(({ type }) => type !== ORDER_LINE));
  const wholes = new Set(
    [...orders.keys()].flatMap((key) =>
      (scope.subjects.get(key)?.facts ?? []).flatMap((fact) => findObject(fact, "purchase_order") ?? []),
    ),
  );
  const facts = await scope.listReferences([...wholes].map((key) => ({ kind: "purchase_order", key })));
  return { ...given, orders, facts, documents: readScope(scope, facts, options) };
}

function readScope(scope: MatchScope, more: readonly Fact[], { contested }: ScopeEvaluation): Documents {
  const facts = new Set([...[...scope.subjects.values()].flatMap((held) => held.facts), ...more]);
  return readDocuments([...facts], contested);
}

/** Loads the invoices that share a duplicate key; those that share one with a touched invoice are evaluated too. */
async function loadAlike(scope: MatchScope, { invoices, documents }: Working, options: ScopeEvaluation) {
  const keys = new Set<string>();
  const touchedKeys = new Set<string>();
  const touched = new Set(options.touched.map(toObjectKey));
  const note = (subject: SubjectRef, key: string | undefined) => {
    if (key === undefined || !invoices.has(toObjectKey(subject))) return;
    keys.add(key);
    if (touched.has(toObjectKey(subject))) touchedKeys.add(key);
  };
  for (const invoice of documents.invoices) note(invoice, toDuplicateKey(invoice));
  for (const [key, subject] of invoices)
    for (const row of scope.subjects.get(key)?.current.values() ?? []) note(subject, findStoredKey(row));
  const stored = await listAlike(options.client, { keys: [...keys], before: options.step.batch });
  const inScope = documents.invoices.flatMap((invoice) => {
    const key = toDuplicateKey(invoice);
    return key === undefined ? [] : [{ key, subject: { type: invoice.type, id: invoice.id } }];
  });
  const size = scope.subjects.size;
  await scope.load(stored.map(({ subject }) => subject));
  const wanted = [...stored, ...inScope].filter(({ key }) => touchedKeys.has(key)).map(({ subject }) => subject);
  return { wanted, isGrown: scope.subjects.size > size };
}

function findStoredKey({ detail }: MatchRow): string | undefined {
  return typeof detail["duplicateKey"] === "string" ? detail["duplicateKey"] : undefined;
}

/** Whether an invoice that is not evaluated stands in the books; undefined for one that is. */
function findSettled(
  scope: MatchScope,
  invoices: ReadonlyMap<string, SubjectRef>,
  invoice: Invoice,
): boolean | undefined {
  if (invoices.has(toObjectKey(invoice))) return undefined;
  const row = findInvoiceRow(scope, invoice);
  return row === undefined ? undefined : isPosted(row.outcome);
}

function keyOf({ type, invoice, document }: InvoiceMatch): string {
  return toInvoiceKey({ type, id: invoice, document });
}

function findInvoiceRow(scope: MatchScope, invoice: Invoice): MatchRow | undefined {
  const slot = toMatchSlot({
    subjectType: invoice.type,
    subjectId: invoice.id,
    document: invoice.document,
    kind: "invoice",
    orderLine: "",
    line: "",
  });
  return scope.subjects.get(toObjectKey(invoice))?.current.get(slot);
}

/** The invoices behind one that came into the books or left them, on the same order lines. */
function listMoved(
  scope: MatchScope,
  found: { documents: Documents; matches: Matches; invoices: ReadonlyMap<string, SubjectRef> },
): SubjectRef[] {
  const others = found.documents.invoices.filter((invoice) => !found.invoices.has(toObjectKey(invoice)));
  const billedOn = groupByOrder(others);
  const outcomes = new Map(found.matches.invoices.map((match) => [keyOf(match), match.outcome]));
  return found.documents.invoices.flatMap((invoice) => {
    const [before, after] = [findInvoiceRow(scope, invoice)?.outcome, outcomes.get(toInvoiceKey(invoice))];
    if (after === undefined || (before !== undefined && isPosted(before) === isPosted(after))) return [];
    return invoice.lines
      .flatMap(({ order }) => (order === undefined ? [] : (billedOn.get(order) ?? [])))
      .filter((other) => compareInvoices(other, invoice) > 0)
      .map(({ type, id }) => ({ type, id }));
  });
}

async function readReference(scope: MatchScope, { orders }: Documents, { contested, units }: ScopeEvaluation) {
  const items = [...new Set(orders.flatMap(({ terms }) => (terms.item === "" ? [] : [terms.item])))];
  const ofItems = await scope.listReferences(items.map((key) => ({ kind: "item", key })));
  const prices = [...new Set(ofItems.flatMap((fact) => findObject(fact, "contract_price") ?? []))];
  const ofPrices = await scope.listReferences(prices.map((key) => ({ kind: "contract_price", key })));
  const { facts } = listStanding([...new Set([...ofItems, ...ofPrices])], contested);
  return { standardUnits: units, itemUnits: readItemUnits(facts), contractPrices: readContractPrices(facts) };
}

/** Compares what was found with what is current, subject by subject, and keeps it with them. */
function toEvaluated(
  scope: MatchScope,
  { invoices, orders, documents }: Working,
  { matches, ruleVersion, step }: { matches: Matches; ruleVersion: string; step: Step },
): Evaluated {
  const rows: MatchRow[] = [];
  const lookups: Lookup[] = [];
  const matchOf = new Map(matches.invoices.map((match) => [keyOf(match), match]));
  for (const invoice of documents.invoices) {
    const match = invoices.has(toObjectKey(invoice)) ? matchOf.get(toInvoiceKey(invoice)) : undefined;
    if (!match) continue;
    const key = toDuplicateKey(invoice);
    const before = findInvoiceRow(scope, invoice);
    if (key !== undefined && (before === undefined || findStoredKey(before) !== key))
      lookups.push({ kind: "duplicate", key, subject: { type: invoice.type, id: invoice.id } });
    rows.push(...toInvoiceRows(invoice, match, ruleVersion));
  }
  const orderOf = new Map(matches.orders.map((match) => [match.order, match]));
  for (const history of documents.orders) {
    const match = orderOf.get(history.terms.id);
    if (match && orders.has(toObjectKey({ type: ORDER_LINE, id: history.terms.id })))
      rows.push(toOrderRow(history, match, ruleVersion));
  }
  return { pairs: replaceRows(scope, [...invoices.keys(), ...orders.keys()], toCurrent(rows, step)), lookups };
}

function toCurrent(rows: readonly MatchRow[], { batch }: Step): CurrentMatch[] {
  return rows.map((row) => ({ ...row, batch }));
}

function replaceRows(scope: MatchScope, keys: readonly string[], rows: readonly CurrentMatch[]): Evaluated["pairs"] {
  const rowsOf = Map.groupBy(rows, (row) => toObjectKey({ type: row.subjectType, id: row.subjectId }));
  return [...new Set(keys)].flatMap((key) => {
    const held = scope.subjects.get(key);
    if (!held) return [];
    const next = new Map((rowsOf.get(key) ?? []).map((row) => [toMatchSlot(row), row]));
    const changed = [...next].flatMap(([slot, after]) => {
      const before = held.current.get(slot);
      return before && isSameMatch(before, after) ? [] : [{ before, after }];
    });
    const removed = [...held.current].flatMap(([slot, before]) =>
      next.has(slot) ? [] : [{ before, after: undefined }],
    );
    // What is the same keeps the rules that said it first.
    const kept = [...next].map(([slot, after]): [string, CurrentMatch] => {
      const before = held.current.get(slot);
      return [slot, before && isSameMatch(before, after) ? before : after];
    });
    held.current = new Map(kept);
    return [...changed, ...removed];
  });
}
