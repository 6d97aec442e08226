import { listCloseFigures } from "./read-closes.ts";
import { OUTCOMES, type OutcomeContext, type OutcomeFigure } from "./outcome-figure.ts";
import { readEffort, readTouchless, sumTouchless } from "./read-effort.ts";
import { readExceptionResolution, readInvoiceExceptions } from "./read-invoice-exceptions.ts";
import { readOnboarding } from "./read-onboarding.ts";
import { readApprovalToSent, readSentToReceived } from "./read-order-cycle.ts";
import {
  sumApprovalToSent,
  sumInvoiceExceptions,
  sumOutHours,
  sumOutOrders,
  sumSentToReceived,
} from "./sum-figures.ts";
import { readOutHours, readOutOrders } from "./read-stockouts.ts";

/** All figures of the outcomes, in the order in which they are shown. Those of money are one for each currency. */
export async function listFigures(context: OutcomeContext): Promise<OutcomeFigure[]> {
  const all = [...FIGURES, ...(await listCloseFigures(context))];
  return OUTCOMES.flatMap((outcome) => all.filter((figure) => figure.outcome === outcome));
}

const FIGURES: readonly OutcomeFigure[] = [
  {
    id: "stockout-orders",
    outcome: "stockouts",
    title: "Order lines placed while out",
    formula: "order lines sent while nothing was on hand at their location ÷ order lines sent",
    unit: "share",
    better: "lower",
    basis: "what cabinets and counts state to be on hand, and order lines that name a requisition",
    read: readOutOrders,
    sum: sumOutOrders,
  },
  {
    id: "stockout-hours",
    outcome: "stockouts",
    title: "Hours out of stock",
    formula: "hours with nothing on hand ÷ hours in which an item is stocked at a location",
    unit: "share",
    better: "lower",
    basis: "what cabinets and counts state to be on hand",
    read: readOutHours,
    sum: sumOutHours,
  },
  {
    id: "invoice-exceptions",
    outcome: "invoice-exceptions",
    title: "Invoices with an exception",
    formula: "invoices that were blocked, parked or rejected when first evaluated ÷ invoices first evaluated",
    unit: "share",
    better: "lower",
    basis: "first results of matching, by the day of entry; what only waits for its receipt is no exception",
    read: (context) => readInvoiceExceptions(context, "invoice"),
    sum: (context) => sumInvoiceExceptions(context, "invoice"),
  },
  {
    id: "invoice-line-exceptions",
    outcome: "invoice-exceptions",
    title: "Invoice lines with an exception",
    formula: "lines that were blocked, parked or rejected when first evaluated ÷ lines first evaluated",
    unit: "share",
    better: "lower",
    basis: "first results of matching, by the day of entry; what only waits for its receipt is no exception",
    read: (context) => readInvoiceExceptions(context, "line"),
    sum: (context) => sumInvoiceExceptions(context, "line"),
  },
  {
    id: "manual-effort",
    outcome: "manual-effort",
    title: "Manual effort of matching",
    formula:
      "sum of the minutes that were logged on matches; where none were, touches × the minutes declared for their kind",
    unit: "total_ms",
    better: "lower",
    basis: "what people do and log in the match worklist, and touchMinutes of match-routing.yaml",
    read: readEffort,
  },
  {
    id: "touchless",
    outcome: "manual-effort",
    title: "Invoices settled without a touch",
    formula: "settled invoices that nobody touched ÷ settled invoices",
    unit: "share",
    better: "higher",
    basis: "results of matching, by the day of entry, and acts in the match worklist",
    read: readTouchless,
    sum: sumTouchless,
  },
  {
    id: "exception-resolution",
    outcome: "exception-resolution",
    title: "Exception raised to resolved",
    formula: "median and 90th percentile of resolved − raised",
    unit: "ms",
    better: "lower",
    basis: "results of matching and acceptances in force, by the times at which they were given",
    read: readExceptionResolution,
  },
  {
    id: "supplier-onboarding",
    outcome: "supplier-onboarding",
    title: "Supplier requested to live",
    formula: "median and 90th percentile of first live order accepted and acknowledged − request, in business days",
    unit: "working_days",
    better: "lower",
    basis: "the flow supplier-onboarding",
    read: readOnboarding,
  },
  {
    id: "requisition-to-order",
    outcome: "order-cycle",
    title: "Requisition approved to order sent",
    formula: "median and 90th percentile of order sent − requisition approved",
    unit: "ms",
    better: "lower",
    basis: "approvals of requisitions and orders that name them",
    read: readApprovalToSent,
    sum: sumApprovalToSent,
  },
  {
    id: "order-to-receipt",
    outcome: "order-cycle",
    title: "Order sent to complete receipt",
    formula: "median and 90th percentile of complete receipt − order sent",
    unit: "ms",
    better: "lower",
    basis: "the leg complete-receipt of procure-to-pay",
    read: readSentToReceived,
    sum: sumSentToReceived,
  },
  {
    id: "incident-resolution",
    outcome: "incident-resolution",
    title: "Incident onset to closed",
    formula: "median and 90th percentile of closed − onset, by class",
    unit: "ms",
    better: "lower",
    basis: "failures as incidents, with when each began and was closed",
    read: () =>
      Promise.resolve({
        because:
          "this tower does not gather failures into incidents, so that nothing says when one began or was closed",
      }),
  },
];
