/** What a reader may see. `*` is everything, also what belongs to no site or domain; a list is just those named. */
export interface Scope {
  sites: "*" | readonly string[];
  domains: "*" | readonly string[];
}

export const EVERYTHING: Scope = { sites: "*", domains: "*" };

/** The tables whose rows belong to a site, and those of them whose rows belong to a domain as well. */
const SITE_TABLES = ["object_spans"] as const;
const SITE_AND_DOMAIN_TABLES = [
  "events",
  "object_events",
  "quarantine",
  "leg_verdicts",
  "leg_dates",
  "leg_rollups",
  "leg_minutes",
  "object_links",
  "item_unit_events",
  "leg_unit_uses",
  "source_activity",
  "source_states",
  "contested_identities",
  "event_traffic",
  "event_versions",
  "span_traffic",
  "span_versions",
  "certificates_seen",
  "source_history",
  "source_types",
  "blind_intervals",
  "source_lateness",
  "sequence_gaps",
  "feed_batches",
  "leg_forecasts",
  "excuse_windows",
  "match_results",
  "match_rollups",
  "match_lookups",
  "match_open",
  "match_dates",
  "match_work",
  "match_positions",
  "reconciliation_items",
  "reconciliation_open",
  "reconciliation_spans",
  "reconciliation_subjects",
  "reconciliation_levels",
  "reconciliation_flows",
  "reconciliation_flow_quarters",
  "reconciliation_checkpoints",
  "reconciliation_checkpoint_rows",
  "reconciliation_locks",
  "reconciliation_confirmations",
  "crosswalk_entries",
  "mapping_waits",
  "edge_reports",
  "edge_orders",
  "edge_states",
  "mapping_replacements",
] as const;

export const SCOPED_TABLES: readonly string[] = [...SITE_TABLES, ...SITE_AND_DOMAIN_TABLES];

/**
 * The comment that a reader's query travels with. The row policies read the scope out of it: a query without one sees
 * no row at all. `caller` names the question in the store's query log.
 */
export function toScopeComment(scope: Scope, caller: string): string {
  return JSON.stringify({ caller, sites: scope.sites, domains: scope.domains });
}

/** Matches are the work of those who pay, who bought and who received: each of these sees them. */
const MATCH_TABLES: ReadonlySet<string> = new Set([
  "match_results",
  "match_rollups",
  "match_open",
  "match_dates",
  "match_work",
  "match_positions",
]);
export const MATCH_DOMAINS = ["erp", "procurement", "receiving"] as const;

/** The condition of a table's row policy, constant for each query but for the row's own site and domain. */
export function toScopeFilter(table: string): string {
  const bySite = toMembership("sites", "site");
  if (SITE_TABLES.some((name) => name === table)) return bySite;
  if (!MATCH_TABLES.has(table)) return `${bySite} AND ${toMembership("domains", "domain")}`;
  const byDomain = MATCH_DOMAINS.map((domain) => toMembership("domains", `'${domain}'`)).join(" OR ");
  return `${bySite} AND (${byDomain})`;
}

function toMembership(key: string, column: string): string {
  const comment = "getSetting('log_comment')";
  return `(JSONExtractString(${comment}, '${key}') = '*' OR has(JSONExtract(${comment}, '${key}', 'Array(String)'), ${column}))`;
}
