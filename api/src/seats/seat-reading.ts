import { MATCH_DOMAINS } from "@throughline/schemas/clickhouse/scope";
import type { Freshness } from "../contract/source.ts";
import { toFreshness } from "../figures/freshness.ts";
import type { ApiDeps } from "../http/deps.ts";
import { createFeedRules } from "../projections/feeds/feed-rule.ts";
import type { Asker } from "../queries/ask.ts";
import { listSources } from "../queries/list-sources.ts";

/** Whose messages the figures of each seat are made of. */
export const SEAT_DOMAINS = {
  pharmacy: ["pharmacy", "procurement", "supplier", "erp"],
  procurement: ["procurement", "supplier", "receiving", "erp"],
  finance: ["erp", "receiving", "procurement"],
} as const;
export type SeatName = keyof typeof SEAT_DOMAINS;

/** How the feeds of a seat stand. */
export type ReadSeatFeeds = (asker: Asker, asked: { seat: SeatName; site: string[] | undefined }) => Promise<Freshness>;

export function createSeatFeeds({
  reader,
  pack,
  workingTimes,
  now,
}: Pick<ApiDeps, "reader" | "pack" | "workingTimes" | "now">): ReadSeatFeeds {
  const ruleOf = createFeedRules(pack.sources, workingTimes);
  return async (asker, { seat, site }) => {
    const filter = { site, domain: [...SEAT_DOMAINS[seat]] };
    return toFreshness(await listSources(reader, asker, { filter, ruleOf, now: now() }), filter);
  };
}

/** Why nothing of matches can be said to an asker; undefined where it can, and is for the store to say. */
export function findUnmatchable(
  asker: Asker,
  { hasReconciler, pack }: Pick<ApiDeps, "hasReconciler" | "pack">,
): string | undefined {
  const { domains } = asker.scope;
  if (domains !== "*" && !MATCH_DOMAINS.some((domain) => domains.includes(domain)))
    return `matches are shown to keys of the domains ${MATCH_DOMAINS.join(", ")}, and yours is of ${domains.join(", ")}`;
  if (!hasReconciler) return "matches are not kept: the reconciler of this tower is switched off";
  if (pack.tolerances.rules.length === 0) return "nothing is matched: the configuration has no tolerances";
  return undefined;
}
