import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { askLegLengths } from "../queries/leg-cases.ts";
import { askInvoiceExceptions } from "../queries/match-cases.ts";
import { askApprovalToSent, askOutHours, askOutOrders } from "../queries/stated-cases.ts";
import { type CasesQuestion, sumCases } from "../queries/sum-cases.ts";
import { type OutcomeContext, type SummedCases, toSumWindows } from "./outcome-figure.ts";
import * as cycle from "./read-order-cycle.ts";
import * as stock from "./read-stockouts.ts";

/** What `readInvoiceExceptions` lists, added up. */
export async function sumInvoiceExceptions(context: OutcomeContext, kind: "invoice" | "line"): Promise<SummedCases> {
  const { span, sites, asOf } = context;
  return sumShare(context, askInvoiceExceptions({ kind, ...span, sites, asOf }));
}

/** What `readOutOrders` lists, added up. */
export async function sumOutOrders(context: OutcomeContext): Promise<SummedCases> {
  const { STATING: stating, REQUESTED: requested, ISSUED: issued, ORDER_REASONS } = stock;
  const asked = { ...toStated(context, stock.STOCK_BACK_MS), stating, requested, issued };
  return sumShare(context, askOutOrders(asked, ORDER_REASONS));
}

/** What `readOutHours` lists, added up. */
export async function sumOutHours(context: OutcomeContext): Promise<SummedCases> {
  return sumShare(context, askOutHours({ ...toStated(context, stock.STOCK_BACK_MS), stating: stock.STATING }));
}

/** What `readApprovalToSent` lists, added up. */
export async function sumApprovalToSent(context: OutcomeContext): Promise<SummedCases> {
  const { APPROVED: approved, ISSUED: issued, APPROVAL_REASONS, APPROVAL_BACK_MS } = cycle;
  const asked = askApprovalToSent({ ...toStated(context, APPROVAL_BACK_MS), approved, issued }, APPROVAL_REASONS);
  const { reader, asker } = context;
  return { sums: await sumCases(reader, asker, { ...asked, windows: toSumWindows(context), isSpread: true }) };
}

/** What `readSentToReceived` lists, added up. */
export async function sumSentToReceived(context: OutcomeContext): Promise<SummedCases> {
  const { reader, asker, span, sites, asOf, most } = context;
  const query = { flow: cycle.FLOW, legs: [cycle.COMPLETE], ...span, sites, asOf, most };
  const asked = askLegLengths(query, asker.scope, { verdicts: cycle.LEFT_OUT, ...cycle.RECEIPT_REASONS });
  const everything = { ...asker, scope: EVERYTHING };
  return { sums: await sumCases(reader, everything, { ...asked, windows: toSumWindows(context), isSpread: true }) };
}

async function sumShare(context: OutcomeContext, asked: CasesQuestion): Promise<SummedCases> {
  const { reader, asker } = context;
  return { sums: await sumCases(reader, asker, { ...asked, windows: toSumWindows(context), isSpread: false }) };
}

function toStated({ span, sites, asOf }: OutcomeContext, lookBackMs: number) {
  return { ...span, lookBackMs, sites, asOf };
}
