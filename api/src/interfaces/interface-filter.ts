import type { InterfacesQuery, InterfaceSummary } from "../contract/interface.ts";

type Filter = Pick<InterfacesQuery, "state" | "criticality" | "finding" | "system" | "owner" | "q">;

/** True when a summary is what a list was asked for; each parameter that is given must hold. */
export function fitsFilter(summary: InterfaceSummary, filter: Filter): boolean {
  const { id, title, systems, contract, protocol, owner } = summary;
  return (
    includes(filter.state, [summary.cadence.state]) &&
    includes(filter.criticality, [summary.criticality]) &&
    includes(
      filter.finding,
      summary.findings.map(({ kind }) => kind),
    ) &&
    includes(filter.system, [systems.from, systems.to]) &&
    includes(filter.owner, [owner]) &&
    contains([id, title, systems.from, systems.to, contract.name, protocol], filter.q)
  );
}

function includes(wanted: readonly string[] | undefined, own: readonly string[]): boolean {
  return wanted === undefined || wanted.length === 0 || own.some((value) => wanted.includes(value));
}

function contains(texts: readonly string[], part: string | undefined): boolean {
  if (part === undefined) return true;
  const wanted = part.toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(wanted));
}
