import { minorDigitsOf, type Money } from "./currency.ts";
import { type Invoice, compareInvoices } from "./documents.ts";
import type { MatchTest } from "./match-test.ts";
import { formatFixed, sum } from "@throughline/schemas/exact/rational";

/** Invoices that could be the same one agree in this; undefined when supplier or currency are not known. */
export function toDuplicateKey(invoice: Invoice): string | undefined {
  const gross = findGross(invoice);
  if (invoice.supplier === "" || gross === undefined || invoice.kind !== "invoice") return undefined;
  const value = formatFixed(gross.value, minorDigitsOf(gross.currency));
  return [invoice.supplier, gross.currency, value, toPlainReference(invoice.reference)].join("\u0000");
}

/** What is to be paid: as it is stated, else the sum of its parts where all are in one currency. */
export function findGross(invoice: Invoice): Money | undefined {
  if (invoice.gross) return invoice.gross;
  const parts = listParts(invoice);
  const [first] = parts;
  const isWhole = invoice.lines.every(({ amount }) => amount !== undefined);
  if (first === undefined || !isWhole || parts.some(({ currency }) => currency !== first.currency)) return undefined;
  return { value: sum(parts.map(({ value }) => value)), currency: first.currency };
}

/** Net amounts, tax, charges and freight, of the lines and of the whole. */
export function listParts({ lines, tax, charges, freight }: Invoice): Money[] {
  const ofLines = lines.flatMap((line) => [line.amount, line.tax, line.charges, line.freight]);
  return [...ofLines, tax, charges, freight].filter((part) => part !== undefined);
}

/** A reference as upper-case letters and digits: "inv 0087" and "INV-0087" are alike. */
function toPlainReference(reference: string): string {
  return reference.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/**
 * DUP_EXACT and DUP_PROBABLE against the invoices that share the key and were entered before. Credits and subsequent
 * debits double nothing, and what was cancelled is not among them.
 */
export function listDuplicateTests(invoice: Invoice, alike: readonly Invoice[]): MatchTest[] {
  if (toDuplicateKey(invoice) === undefined) return [];
  const earlier = alike.filter((other) => compareInvoices(other, invoice) < 0).toSorted(compareInvoices);
  const exact = earlier.find((other) => isSame(other, invoice));
  const probable = exact ? undefined : earlier[0];
  const test = (code: "DUP_EXACT" | "DUP_PROBABLE", other: Invoice | undefined): MatchTest => ({
    code,
    of: "duplicate",
    isBroken: other !== undefined,
    describe: () => (other ? { other: other.id } : {}),
  });
  return [test("DUP_EXACT", exact), test("DUP_PROBABLE", probable)];
}

function isSame(a: Invoice, b: Invoice): boolean {
  return (
    a.company === b.company &&
    a.reference === b.reference &&
    a.documentDate !== undefined &&
    a.documentDate === b.documentDate
  );
}
