import type { OracleLeg } from "./oracle.fixture.ts";

/** A feed of all milestones that sends for a supplier, or for nobody by name, and how far it is complete. */
export interface OracleFeed {
  source: string;
  supplier: string;
  completeTo: number;
}

/** The oracle's legs as far as feeds vouch for them: what may still come, for their own supplier, makes them provisional. */
export function vouch(legs: readonly OracleLeg[], feeds: readonly OracleFeed[], now: number): OracleLeg[] {
  return legs.map((leg) => {
    const isKnown = leg.supplier !== "" && feeds.some(({ supplier }) => supplier === leg.supplier);
    const possible = isKnown ? feeds.filter(({ supplier }) => supplier === "" || supplier === leg.supplier) : feeds;
    const names = new Set(possible.map(({ source }) => source));
    const each = feeds.filter(({ source }) => names.has(source)).map(({ completeTo }) => completeTo);
    const completeTo = each.length === 0 ? now - 300_000 : Math.min(now, ...each);
    if (leg.verdict === "BREACHED" && completeTo <= (leg.dueAt ?? 0)) return { ...leg, verdict: "OVERDUE_PROVISIONAL" };
    if (leg.verdict === "ORPHAN_END" && completeTo <= (leg.endedAt ?? 0)) return { ...leg, verdict: "PENDING_START" };
    return leg;
  });
}
