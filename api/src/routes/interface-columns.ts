import type { ApiUse, InterfaceSummary } from "../contract/interface.ts";
import type { Column } from "../http/list-columns.ts";

/** The catalogue as a table. */
export const INTERFACE_COLUMNS: readonly Column<InterfaceSummary>[] = [
  { name: "id", kind: "text", read: (row) => row.id },
  { name: "title", kind: "text", read: (row) => row.title },
  { name: "from_system", kind: "text", read: (row) => row.systems.from },
  { name: "to_system", kind: "text", read: (row) => row.systems.to },
  { name: "protocol", kind: "text", read: (row) => row.protocol },
  { name: "contract", kind: "text", read: (row) => row.contract.name },
  { name: "version", kind: "text", read: (row) => row.contract.version },
  { name: "owner", kind: "text", read: (row) => row.owner },
  { name: "approver", kind: "text", read: (row) => row.approver },
  { name: "criticality", kind: "text", read: (row) => row.criticality },
  { name: "latency_class", kind: "text", read: (row) => row.latencyClass },
  { name: "cadence_state", kind: "text", read: (row) => row.cadence.state },
  { name: "cadence_ms", kind: "integer", read: (row) => row.cadence.everyMs },
  { name: "calendar", kind: "text", read: (row) => row.cadence.calendar },
  { name: "last_traffic_at", kind: "time", read: (row) => row.cadence.lastTrafficAt },
  { name: "due_at", kind: "time", read: (row) => row.cadence.dueAt },
  { name: "events", kind: "integer", read: (row) => row.events },
  { name: "calls", kind: "integer", read: (row) => row.calls },
  { name: "failed", kind: "integer", read: (row) => row.failed },
  { name: "refused", kind: "integer", read: (row) => row.refused },
  { name: "throttled", kind: "integer", read: (row) => row.throttled },
  { name: "least_headroom_percent", kind: "text", read: (row) => toText(row.leastHeadroomPercent) },
  {
    name: "findings",
    kind: "text",
    read: (row) => row.findings.map(({ kind, message }) => `${kind}: ${message}`).join("; "),
  },
];

/** The use of an API as a table. */
export const USE_COLUMNS: readonly Column<ApiUse>[] = [
  { name: "client", kind: "text", read: (row) => row.client },
  { name: "version", kind: "text", read: (row) => row.version },
  { name: "status", kind: "integer", read: (row) => row.status },
  { name: "calls", kind: "integer", read: (row) => row.calls },
  { name: "is_throttled", kind: "text", read: (row) => String(row.isThrottled) },
  { name: "rate_limit", kind: "integer", read: (row) => row.rateLimit },
  { name: "least_headroom_percent", kind: "text", read: (row) => toText(row.leastHeadroomPercent) },
  { name: "longest_retry_after_seconds", kind: "integer", read: (row) => row.longestRetryAfterSeconds },
  { name: "first_seen_at", kind: "time", read: (row) => row.firstSeenAt },
  { name: "last_seen_at", kind: "time", read: (row) => row.lastSeenAt },
];

function toText(value: number | null): string | null {
  return value === null ? null : String(value);
}
