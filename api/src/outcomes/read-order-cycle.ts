import { listLegCases } from "../queries/list-leg-cases.ts";
import { type StatedEvent, listStatedEvents } from "../queries/list-stated-events.ts";
import type { Cases, NotMeasurable } from "./cases.ts";
import { idOf, listFirstLines } from "./first-lines.ts";
import { type OutcomeContext, TOO_MANY, findMissing } from "./outcome-figure.ts";
import { toLegCase } from "./read-onboarding.ts";

const DAY_MS = 86_400_000;
/** An order that is sent later than this after its approval has no approval here. */
export const APPROVAL_BACK_MS = 90 * DAY_MS;
export const APPROVED = "procurement.requisition.approved";
export const ISSUED = "procurement.purchase_order.issued";
export const FLOW = "procure-to-pay";
export const COMPLETE = "complete-receipt";
/** Why legs are left out, by verdict. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ["EXCLUDED", "cancelled"],
  ["SUPERSEDED", "replaced by a change of the order"],
]);

/** Why order lines have no time from their approval. */
export const APPROVAL_REASONS = {
  unasked: "ordered without a requisition",
  unapproved: "no approval of its requisition was stated",
  backwards: "sent before it was approved",
} as const;
/** Why order lines have no time to their receipt. */
export const RECEIPT_REASONS = {
  unstarted: "received without an order",
  backwards: "received before it was sent",
} as const;

/** Order lines from the approval of their requisition to the moment at which they were sent. */
export async function readApprovalToSent(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  const missing = findMissing(context.carried, [APPROVED, ISSUED]);
  if (missing) return missing;
  const { reader, asker, span, sites, asOf, most } = context;
  const shared = { to: span.to, sites, asOf, most };
  const [approved, issued] = await Promise.all([
    listStatedEvents(reader, asker, { ...shared, types: [APPROVED], from: span.from - APPROVAL_BACK_MS }),
    listStatedEvents(reader, asker, { ...shared, types: [ISSUED], from: span.from }),
  ]);
  if (approved === undefined || issued === undefined) return TOO_MANY;
  const approvals = new Map<string, StatedEvent>();
  for (const event of approved)
    for (const id of idsOf(event, "requisition")) if (!approvals.has(id)) approvals.set(id, event);
  const cases: Cases = { counted: [], excluded: [], open: [] };
  const sent = new Set<string>();
  for (const { event, line, requisition } of listFirstLines(issued)) {
    if (requisition !== undefined) sent.add(requisition);
    addLine(cases, event, { line, requisition, approvedAt: approvals.get(requisition ?? "")?.at });
  }
  for (const [id, event] of approvals)
    if (!sent.has(id) && event.at >= span.from)
      cases.open.push({
        at: event.at,
        key: id,
        object: { type: "requisition", id },
        site: event.site,
        supplier: "",
        note: "",
      });
  return cases;
}

/** Order lines from the moment at which they were sent to their complete receipt. */
export async function readSentToReceived(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  const { reader, asker, pack, span, sites, asOf, most } = context;
  if (pack.flows.get(FLOW)?.legs.some(({ id }) => id === COMPLETE) !== true)
    return { because: `the configuration has no flow ${FLOW} with a leg ${COMPLETE}` };
  const legs = await listLegCases(reader, asker, {
    flow: FLOW,
    legs: [COMPLETE],
    ...span,
    sites,
    asOf,
    most,
  });
  if (legs === undefined) return TOO_MANY;
  if (legs.length === 0)
    return { because: "no order line that expects goods was seen in the period or the one before it" };
  const cases: Cases = { counted: [], excluded: [], open: [] };
  for (const leg of legs) {
    const leftOut = LEFT_OUT.get(leg.verdict);
    if (leftOut !== undefined) cases.excluded.push({ ...toLegCase(leg, leg.dated), reason: leftOut });
    else if (leg.started === null)
      cases.excluded.push({ ...toLegCase(leg, leg.dated), reason: RECEIPT_REASONS.unstarted });
    else if (leg.ended === null || leg.ended >= span.to) cases.open.push(toLegCase(leg, leg.started));
    else if (leg.ended < leg.started)
      cases.excluded.push({ ...toLegCase(leg, leg.ended), reason: RECEIPT_REASONS.backwards });
    else cases.counted.push({ ...toLegCase(leg, leg.ended), part: leg.ended - leg.started, whole: 1 });
  }
  return cases;
}

function addLine(
  cases: Cases,
  event: StatedEvent,
  { line, requisition, approvedAt }: { line: string; requisition: string | undefined; approvedAt: number | undefined },
) {
  const object = { type: "purchase_order_line", id: line };
  const supplier = idOf(event, "supplier") ?? "";
  const one = { at: event.at, key: line, object, site: event.site, supplier, note: requisition ?? "" };
  if (requisition === undefined) cases.excluded.push({ ...one, reason: APPROVAL_REASONS.unasked });
  else if (approvedAt === undefined) cases.excluded.push({ ...one, reason: APPROVAL_REASONS.unapproved });
  else if (approvedAt > event.at) cases.excluded.push({ ...one, reason: APPROVAL_REASONS.backwards });
  else cases.counted.push({ ...one, part: event.at - approvedAt, whole: 1 });
}

function idsOf({ objects }: StatedEvent, type: string): string[] {
  return objects.flatMap(([name, id]) => (name === type ? [id] : []));
}
