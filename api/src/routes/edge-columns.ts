import type { Edge, EdgeOrder, MappingWait } from "../contract/edge.ts";
import type { Column } from "../http/list-columns.ts";

export const WAIT_COLUMNS: readonly Column<MappingWait>[] = [
  { name: "crosswalk", kind: "text", read: (row) => row.crosswalk },
  { name: "kind", kind: "text", read: (row) => row.kind },
  { name: "value", kind: "text", read: (row) => row.value },
  { name: "interface", kind: "text", read: (row) => row.interface },
  { name: "site", kind: "text", read: (row) => row.site },
  { name: "domain", kind: "text", read: (row) => row.domain },
  { name: "documents", kind: "integer", read: (row) => row.documents },
  { name: "since", kind: "text", read: (row) => row.since },
  { name: "told_at", kind: "time", read: (row) => row.toldAt },
  { name: "types", kind: "text", read: (row) => row.types.join(" ") },
  { name: "flows", kind: "text", read: (row) => row.flows.map(({ flow }) => flow).join(" ") },
  { name: "proposals", kind: "integer", read: (row) => row.proposals },
];

export const EDGE_COLUMNS: readonly Column<Edge>[] = [
  { name: "edge", kind: "text", read: (row) => row.edge },
  { name: "site", kind: "text", read: (row) => row.site },
  { name: "kind", kind: "text", read: (row) => row.kind },
  { name: "version", kind: "integer", read: (row) => row.version },
  { name: "reason", kind: "text", read: (row) => row.reason },
  { name: "at", kind: "time", read: (row) => row.at },
];

export const ORDER_COLUMNS: readonly Column<EdgeOrder>[] = [
  { name: "id", kind: "text", read: (row) => row.id },
  { name: "state", kind: "text", read: (row) => row.state },
  { name: "interface", kind: "text", read: (row) => row.interface },
  { name: "site", kind: "text", read: (row) => row.site },
  { name: "target", kind: "text", read: (row) => JSON.stringify(row.target) },
  { name: "reason", kind: "text", read: (row) => row.reason },
  { name: "ordered_at", kind: "time", read: (row) => row.orderedAt },
  { name: "ordered_by", kind: "text", read: (row) => row.orderedBy.name },
  { name: "expires_at", kind: "time", read: (row) => row.expiresAt },
  { name: "edge", kind: "text", read: (row) => row.edge },
  { name: "said_at", kind: "time", read: (row) => row.saidAt },
  { name: "said", kind: "text", read: (row) => row.said },
  { name: "documents", kind: "integer", read: (row) => row.documents },
  { name: "events", kind: "integer", read: (row) => row.events },
];
