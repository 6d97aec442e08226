import type { ToleranceProfile } from "@throughline/schemas/pack/tolerance";
import { type Money, roundMoney, toAmount } from "./currency.ts";
import type { Invoice, OrderTerms } from "./documents.ts";
import { listParts } from "./duplicates.ts";
import type { EvaluatedLine } from "./evaluate-line.ts";
import { compareFreight, findPlanned, sumPlanned } from "./freight.ts";
import { type MatchTest, toBroken } from "./match-test.ts";
import { toSigned } from "./measure-line.ts";
import { HUNDRED, absolute, divide, isZero, multiply, subtract, sum } from "@throughline/schemas/exact/rational";
import { exceeds } from "./tolerance.ts";

/** A line of the invoice as it was evaluated, with the order that it names. */
export interface HeaderLine {
  line: EvaluatedLine;
  terms: OrderTerms | undefined;
}

/** HEADER_BALANCE, or the small difference that is written off, when the parts do not make up the gross amount. */
export function findBalance(
  invoice: Invoice,
  { header }: ToleranceProfile,
): { tests: MatchTest[]; writtenOff: Money | undefined } {
  const { gross } = invoice;
  if (gross === undefined || header === "off") return { tests: [], writtenOff: undefined };
  const { currency } = gross;
  const parts = listParts(invoice);
  if (parts.some((part) => part.currency !== currency))
    return { tests: [toBroken("CURRENCY", "header")], writtenOff: undefined };
  const value = roundMoney(subtract(toSigned(invoice, gross.value), toSigned(invoice, sum(toValues(parts)))), currency);
  const isBroken = exceeds(absolute(value), header);
  const describe = () => ({ difference: toAmount(value, currency), limit: { amount: header } });
  return {
    tests: [{ code: "HEADER_BALANCE", of: "header", isBroken, describe }],
    writtenOff: isBroken || isZero(value) ? undefined : { value, currency },
  };
}

/** FREIGHT of the whole invoice against the sum of what was planned for its lines. */
export function listHeaderFreightTests(
  invoice: Invoice,
  lines: readonly HeaderLine[],
  profile: ToleranceProfile,
): MatchTest[] {
  if (invoice.freight === undefined) return [];
  const ofLines = invoice.lines.flatMap(({ freight }) => freight ?? []);
  const planned = sumPlanned(
    lines.map(({ line, terms }) => (line.measure && terms ? findPlanned(line.measure, terms) : undefined)),
  );
  return planned ? compareFreight([invoice.freight, ...ofLines], planned, profile) : [];
}

/** TAX: what is billed as tax against the rates of the orders, where all of them state one. */
export function listTaxTests(invoice: Invoice, lines: readonly HeaderLine[], { tax }: ToleranceProfile): MatchTest[] {
  const billed = [...invoice.lines.flatMap((line) => line.tax ?? []), ...(invoice.tax ? [invoice.tax] : [])];
  const [first] = billed;
  if (first === undefined || billed.some(({ currency }) => currency !== first.currency)) return [];
  const expected = lines.map(({ line, terms }) => {
    const amount = line.measure?.amount;
    if (amount === undefined || terms?.taxRate === undefined || line.measure?.order.currency !== first.currency)
      return undefined;
    return roundMoney(divide(multiply(amount, terms.taxRate), HUNDRED), first.currency);
  });
  const known = expected.filter((amount) => amount !== undefined);
  if (known.length < expected.length) return [];
  const value = subtract(toSigned(invoice, sum(toValues(billed))), sum(known));
  const describe = () => ({ difference: toAmount(value, first.currency), limit: { amount: tax } });
  return [{ code: "TAX", of: "tax", isBroken: exceeds(absolute(value), tax), describe }];
}

function toValues(parts: readonly Money[]) {
  return parts.map(({ value }) => value);
}
