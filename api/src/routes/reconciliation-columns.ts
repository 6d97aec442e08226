import type { ItemMove, OpenItem, ReconciliationItem } from "../contract/reconciliation.ts";
import type { Column } from "../http/list-columns.ts";

export const ITEM_COLUMNS: readonly Column<OpenItem>[] = [
  { name: "key", kind: "text", read: ({ key }) => key.join(" / ") },
  { name: "side", kind: "text", read: ({ side }) => side },
  { name: "value", kind: "text", read: ({ value }) => value },
  { name: "unit", kind: "text", read: ({ unit }) => unit },
  { name: "class", kind: "text", read: (item) => item.class },
  { name: "cause", kind: "text", read: ({ cause }) => cause },
  { name: "since", kind: "time", read: ({ since }) => since },
  { name: "days", kind: "text", read: ({ days }) => days },
  { name: "due_at", kind: "time", read: ({ dueAt }) => dueAt },
  { name: "period", kind: "text", read: ({ period }) => period },
  { name: "worth", kind: "text", read: ({ worth }) => worth?.value ?? null },
  { name: "currency", kind: "text", read: ({ worth }) => worth?.currency ?? null },
  { name: "supplier", kind: "text", read: ({ supplier }) => supplier },
  { name: "site", kind: "text", read: ({ site }) => site },
  { name: "source", kind: "text", read: ({ source }) => source },
  { name: "id", kind: "text", read: ({ id }) => id },
];

export const MOVE_COLUMNS: readonly Column<ItemMove>[] = [
  { name: "at", kind: "time", read: ({ at }) => at },
  { name: "kind", kind: "text", read: ({ kind }) => kind },
  { name: "object_type", kind: "text", read: ({ subject }) => subject.type },
  { name: "object_id", kind: "text", read: ({ subject }) => subject.id },
  { name: "count", kind: "integer", read: ({ count }) => count },
  { name: "value", kind: "text", read: ({ value }) => value },
  { name: "unit", kind: "text", read: ({ unit }) => unit },
  { name: "site", kind: "text", read: ({ site }) => site },
];

interface DriftRow {
  item: ReconciliationItem;
  unit: ReconciliationItem["units"][number];
}

export const DRIFT_COLUMNS: readonly Column<DriftRow>[] = [
  { name: "reconciliation", kind: "text", read: ({ item }) => item.id },
  { name: "title", kind: "text", read: ({ item }) => item.title },
  { name: "owner", kind: "text", read: ({ item }) => item.owner },
  { name: "unit", kind: "text", read: ({ unit }) => unit.unit },
  { name: "net", kind: "text", read: ({ unit }) => unit.net },
  { name: "gross", kind: "text", read: ({ unit }) => unit.gross },
  { name: "count", kind: "integer", read: ({ unit }) => unit.count },
  { name: "beyond_item_limit", kind: "integer", read: ({ unit }) => unit.beyondItemLimit },
  { name: "is_account_breached", kind: "text", read: ({ unit }) => String(unit.isAccountBreached) },
  { name: "a_complete_to", kind: "time", read: ({ item }) => item.feeds.a.completeTo },
  { name: "b_complete_to", kind: "time", read: ({ item }) => item.feeds.b.completeTo },
];
