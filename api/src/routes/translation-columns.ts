import type { Translation } from "../contract/crosswalk.ts";
import type { Column } from "../http/list-columns.ts";

/** The columns of an export. Those that an import has bear the same names. */
export const TRANSLATION_CSV: readonly Column<Translation>[] = [
  { name: "id", kind: "text", read: (row) => row.id },
  { name: "revision", kind: "integer", read: (row) => row.revision },
  { name: "state", kind: "text", read: (row) => row.state },
  { name: "crosswalk", kind: "text", read: (row) => row.crosswalk },
  { name: "kind", kind: "text", read: (row) => row.kind },
  { name: "from_system", kind: "text", read: (row) => row.fromSystem },
  { name: "from", kind: "text", read: (row) => row.from },
  { name: "to_system", kind: "text", read: (row) => row.toSystem },
  { name: "to", kind: "text", read: (row) => row.to },
  { name: "reversible", kind: "text", read: (row) => String(row.reversible) },
  { name: "interface", kind: "text", read: (row) => row.interface },
  { name: "site", kind: "text", read: (row) => row.site },
  { name: "domain", kind: "text", read: (row) => row.domain },
  { name: "effective_from", kind: "text", read: (row) => row.effectiveFrom },
  { name: "effective_to", kind: "text", read: (row) => row.effectiveTo },
  { name: "reason", kind: "text", read: (row) => row.reason },
  { name: "import_id", kind: "text", read: (row) => row.importId },
  { name: "proposed_at", kind: "time", read: (row) => row.proposedAt },
  { name: "proposed_by", kind: "text", read: (row) => row.proposedBy.name },
  { name: "decided_at", kind: "time", read: (row) => row.decidedAt },
  { name: "decided_by", kind: "text", read: (row) => row.decidedBy?.name ?? null },
  { name: "changed_at", kind: "time", read: (row) => row.changedAt },
  { name: "changed_by", kind: "text", read: (row) => row.changedBy.name },
  { name: "note", kind: "text", read: (row) => row.note },
];
