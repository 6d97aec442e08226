import type { Pack } from "@throughline/schemas/pack/flow";
import { findProfile } from "@throughline/schemas/pack/tolerance";
import type { Contest, Fact } from "../fact.ts";
import { toInvoiceKey } from "./documents.ts";
import { evaluateMatches } from "./evaluate-matches.ts";
import { type MatchRow, toInvoiceRows, toOrderRow } from "./match-row.ts";
import { readDocuments } from "./read-documents.ts";
import { listStanding } from "./read-facts.ts";
import { readContractPrices, readItemUnits } from "./read-reference.ts";
import { T1 } from "./trade.fixture.ts";

const NONE: ReadonlyMap<string, Contest> = new Map();

/** All results of all facts at once, without any engine. */
export function evaluateFacts(
  facts: readonly Fact[],
  { tolerances, units }: Pick<Pack, "tolerances" | "units">,
): MatchRow[] {
  const documents = readDocuments(facts, NONE);
  const standing = listStanding(facts, NONE).facts;
  const reference = {
    standardUnits: units,
    itemUnits: readItemUnits(standing),
    contractPrices: readContractPrices(standing),
  };
  const matches = evaluateMatches(documents, { profileOf: (of) => findProfile(tolerances, of) ?? T1, reference });
  const matchOf = new Map(
    matches.invoices.map((match) => [
      toInvoiceKey({ type: match.type, id: match.invoice, document: match.document }),
      match,
    ]),
  );
  const orderOf = new Map(matches.orders.map((match) => [match.order, match]));
  return [
    ...documents.invoices.flatMap((invoice) => {
      const match = matchOf.get(toInvoiceKey(invoice));
      return match ? toInvoiceRows(invoice, match, tolerances.version) : [];
    }),
    ...documents.orders.flatMap((order) => {
      const match = orderOf.get(order.terms.id);
      return match ? [toOrderRow(order, match, tolerances.version)] : [];
    }),
  ];
}
