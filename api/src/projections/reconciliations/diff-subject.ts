import { type FlowChange, listFlowChanges } from "./flow-store.ts";
import { type FlowRow, type ItemRow, toItemSlot } from "./item-row.ts";
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

/** What is said anew of objects. */
export interface Changes {
  items: ItemChange[];
  open: OpenChange[];
  spans: SpanChange[];
  flows: FlowChange[];
}

/** An object, or a part of it that has a name of its own. */
interface Subject {
  model: ReconciliationModel;
  subject: string;
}

/**
 * What changes from what was said of an object to what is said now. Where its reconciliation belongs to another domain by now, all
 * of it is taken from the one and given to the other, so that the figures of both tie.
 */
export function diffSubject(about: Subject, before: Said, after: Said): Changes {
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

function diffWithin(about: Subject, before: Said, { domain, items, flows }: Said): Changes {
  const changes = diffItems(before.items, items);
  const slots = new Set(changes.map(({ row }) => toItemSlot(row)));
  const isChanged = (row: ItemRow) => slots.has(toItemSlot(row));
  const [left, joined] = [before.items.filter(isChanged), items.filter(isChanged)];
  return {
    items: changes.map((change) => ({ ...change, domain })),
    open: listOpenChanges(left, joined, domain),
    spans: listSpanChanges(left, joined, domain),
    flows: listFlowChanges({ ...about, domain }, before.flows, flows),
  };
}

/** Adds changes to those that were found before. */
export function addChanges(found: Changes, { items, open, spans, flows }: Changes) {
  for (const change of items) found.items.push(change);
  for (const change of open) found.open.push(change);
  for (const change of spans) found.spans.push(change);
  for (const change of flows) found.flows.push(change);
}
