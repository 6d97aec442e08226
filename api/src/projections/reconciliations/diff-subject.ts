import { type FlowChange, listFlowChanges } from "./flow-store.ts";
import type { FlowRow, ItemRow } from "./item-row.ts";
import { type ItemChange, diffItems } from "./item-store.ts";
import type { ReconciliationModel } from "./model.ts";
import { type OpenChange, listOpenChanges } from "./open-store.ts";
import { type SpanChange, listSpanChanges } from "./span-store.ts";

/** What was said of an object, and the domain that its rows and sums carry. */
export interface Said {
  domain: string;
  items: readonly ItemRow[];
  flows: readonly FlowRow[];
}

/** What a step found, to be stored with its tokens. */
export interface ReconcileFindings {
  items: ItemChange[];
  open: OpenChange[];
  spans: SpanChange[];
  flows: FlowChange[];
}

interface Subject {
  model: ReconciliationModel;
  subject: string;
}

/**
 * What changes from what was said of an object to what is said now. Where its reconciliation belongs to another domain by now, all
 * of it is taken from the one and given to the other, so that the figures of both tie.
 */
export function diffSubject(about: Subject, before: Said, after: Said): ReconcileFindings {
  if (before.domain === after.domain) return diffWithin(about, before, after);
  const left = diffWithin(about, before, { ...before, items: [], flows: [] });
  const joined = diffWithin(about, { ...after, items: [], flows: [] }, after);
  return {
    items: [...left.items, ...joined.items],
    open: [...left.open, ...joined.open],
    spans: [...left.spans, ...joined.spans],
    flows: [...left.flows, ...joined.flows],
  };
}

function diffWithin(about: Subject, before: Said, { domain, items, flows }: Said): ReconcileFindings {
  return {
    items: diffItems(before.items, items).map((change) => ({ ...change, domain })),
    open: listOpenChanges(before.items, items, domain),
    spans: listSpanChanges(before.items, items, domain),
    flows: listFlowChanges({ ...about, domain }, before.flows, flows),
  };
}
