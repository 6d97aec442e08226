import { sortCauses, toOutcome, worstOf } from "./cause.ts";
import type { Invoice, InvoiceLine, OrderHistory } from "./documents.ts";
import { listDuplicateTests } from "./duplicates.ts";
import { type EvaluatedLine, evaluateLine, toMatchClass } from "./evaluate-line.ts";
import { findBalance, listHeaderFreightTests, listTaxTests } from "./header-causes.ts";
import type { BilledEntry, InvoiceMatch, Ledger, MatchContext } from "./match.ts";
import { type MatchTest, toCauses } from "./match-test.ts";
import { ZERO } from "@throughline/schemas/exact/rational";

/** What an invoice is tested against. */
export interface Surroundings {
  findOrder: (id: string) => OrderHistory | undefined;
  ledgerOf: (order: string) => Ledger;
  /** The other invoices that share its duplicate key and stand. */
  alike: readonly Invoice[];
}

export interface EvaluatedInvoice {
  match: InvoiceMatch;
  invoice: Invoice;
  /** Of the invoice as a whole. */
  tests: readonly MatchTest[];
  lines: readonly EvaluatedLine[];
  /** What it puts on each order line once it is in the books. */
  entries: { order: string; entry: BilledEntry }[];
}

/** Tests one invoice: its lines, summed by order line, and what it says as a whole. */
export function evaluateInvoice(invoice: Invoice, around: Surroundings, context: MatchContext): EvaluatedInvoice {
  const evaluated = groupByOrder(invoice.lines, around).map(({ order, lines }) => {
    const history = order === undefined ? undefined : around.findOrder(order);
    const ledger = history ? around.ledgerOf(history.terms.id) : EMPTY;
    return { order, terms: history?.terms, line: evaluateLine({ invoice, lines, history, ledger }, context) };
  });
  const [first] = evaluated;
  const terms = first?.terms ?? { company: invoice.company, supplierGroup: "", itemCategory: "" };
  const profile = context.profileOf(terms);
  const balance = findBalance(invoice, profile);
  const tests = [
    ...balance.tests,
    ...listHeaderFreightTests(invoice, evaluated, profile),
    ...listTaxTests(invoice, evaluated, profile),
    ...listDuplicateTests(invoice, around.alike),
  ];
  const causes = sortCauses(toCauses(tests));
  const lines = evaluated.map(({ line }) => line.match);
  const outcome = worstOf([toOutcome(causes), ...lines.map((line) => line.outcome)]);
  return {
    match: {
      type: invoice.type,
      invoice: invoice.id,
      document: invoice.document,
      profile: profile.id,
      ...toMatchClass(invoice, first?.terms),
      outcome,
      causes,
      writtenOff: balance.writtenOff,
      lines,
    },
    invoice,
    tests,
    lines: evaluated.map(({ line }) => line),
    entries: evaluated.flatMap(({ order, line }) => toEntries(order, line)),
  };
}

const EMPTY: Ledger = { before: { quantity: ZERO, amount: ZERO }, isInBooks: () => false, creditedLater: ZERO };

function toEntries(order: string | undefined, { entry }: EvaluatedLine) {
  return order === undefined ? [] : [{ order, entry }];
}

/** Lines on the same known order line belong together; each of the others stands for itself. In the order of their ids. */
function groupByOrder(lines: readonly InvoiceLine[], { findOrder }: Surroundings) {
  const sorted = lines.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const groups = Map.groupBy(sorted, ({ id, order }) =>
    order !== undefined && findOrder(order) ? `order\u0000${order}` : `line\u0000${id}`,
  );
  return [...groups.values()].map((group) => ({
    order: group[0]?.order !== undefined && findOrder(group[0].order) ? group[0].order : undefined,
    lines: group,
  }));
}
