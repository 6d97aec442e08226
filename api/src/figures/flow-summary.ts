import type { Flow, Pack } from "@throughline/schemas/pack/flow";
import type { FlowSummary, LegCounts, LegSummary } from "../contract/flow.ts";
import { toHref } from "../http/href.ts";
import type { LegCountRow } from "../queries/count-legs.ts";
import { type LegListScope, toCompliance, toLegCounts } from "./leg-counts.ts";

/** Each flow with the counts of its legs, the worst first. */
export function toFlowSummaries(pack: Pack, rows: readonly LegCountRow[], scope: LegListScope): FlowSummary[] {
  const byFlow = Map.groupBy(rows, (row) => row.flow);
  const dropped = [...byFlow.keys()].filter((id) => !pack.flows.has(id)).map(toDroppedFlow);
  return [...pack.flows.values(), ...dropped]
    .map((flow) => toFlowSummary(flow, byFlow.get(flow.id) ?? [], scope))
    .toSorted((a, b) => compareWorst(a.counts, b.counts));
}

type SummarizedFlow = Pick<Flow, "id" | "title" | "owner" | "domain" | "criticality" | "legs">;

/** A flow that the configuration no longer has; its legs stay. */
function toDroppedFlow(id: string): SummarizedFlow {
  return { id, title: id, owner: "", domain: "", criticality: "standard", legs: [] };
}

export function toFlowSummary(flow: SummarizedFlow, rows: readonly LegCountRow[], scope: LegListScope): FlowSummary {
  const within = { ...scope, flow: [flow.id] };
  const counts = toLegCounts(rows, within);
  const { id, title, owner, domain, criticality } = flow;
  return {
    id,
    title,
    owner,
    domain,
    criticality,
    counts,
    compliance: toCompliance(rows, within),
    legs: toLegSummaries(flow, rows, within),
    href: toHref(`/flows/${encodeURIComponent(id)}`, {
      from: scope.range?.from,
      to: scope.range?.to,
      asOf: scope.asOf,
    }),
  };
}

function toLegSummaries(flow: SummarizedFlow, rows: readonly LegCountRow[], scope: LegListScope): LegSummary[] {
  const configured = flow.legs.map(({ id, title, from, to, criticality = flow.criticality, statutory = null }) => ({
    id,
    title,
    from,
    to,
    criticality,
    statutory,
  }));
  const known = new Set(configured.map(({ id }) => id));
  const dropped = [...new Set(rows.map(({ leg }) => leg))].filter((leg) => !known.has(leg));
  // Legs that the configuration no longer has still count, else the flow's total would not be the sum of its legs.
  const all = [
    ...configured,
    ...dropped.map((id) => ({ id, title: id, from: "", to: "", criticality: flow.criticality, statutory: null })),
  ];
  return all.map((leg) => toLegSummary(leg, rows, scope));
}

function toLegSummary(
  leg: Omit<LegSummary, "counts" | "compliance">,
  rows: readonly LegCountRow[],
  scope: LegListScope,
): LegSummary {
  const within = { ...scope, leg: [leg.id] };
  const own = rows.filter((row) => row.leg === leg.id);
  const counts = toLegCounts(own, within);
  return { ...leg, counts, compliance: toCompliance(own, within) };
}

function compareWorst(a: LegCounts, b: LegCounts): number {
  const late = (counts: LegCounts) => counts.breached.value + counts.overdue.value;
  return late(b) - late(a) || b.atRisk.value - a.atRisk.value || b.open.value - a.open.value;
}
