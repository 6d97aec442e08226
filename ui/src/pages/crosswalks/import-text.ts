import type { ImportPreview } from "@throughline/api/contract";
import { formatCount, formatNoun } from "../../format/number.ts";

export type ImportRow = ImportPreview["items"][number];

export const IMPORT_COLUMNS =
  "crosswalk, from, to, and where needed kind, from_system, to_system, reversible, interface, site, domain, effective_from, effective_to, reason, replaces";

export const ROW_STATES = ["refused", "fine"] as const;
export const ROW_FACES = {
  refused: { word: "Refused", meaning: "It cannot be proposed as it is." },
  fine: { word: "Fine", meaning: "It can be proposed." },
} as const;

export function stateOfRow({ issues }: ImportRow): (typeof ROW_STATES)[number] {
  return issues.length > 0 ? "refused" : "fine";
}

/** What came of a look at a file: `117 of 120 rows can be proposed; 3 are refused`. */
export function sayPreview({ rows, refused }: ImportPreview): string {
  if (refused === 0) return rows === 1 ? "The row can be proposed" : `All ${formatCount(rows)} rows can be proposed`;
  if (refused === rows) return rows === 1 ? "The row is refused" : `All ${formatCount(rows)} rows are refused`;
  const are = refused === 1 ? "1 is refused" : `${formatCount(refused)} are refused`;
  return `${formatCount(rows - refused)} of ${formatNoun(rows, "row")} can be proposed; ${are}`;
}

/** Why a row is refused, in one line: `to must not be empty; from "A1" has another translation on every day`. */
export function sayIssues({ issues }: ImportRow): string {
  return issues.map(({ column, message }) => (column === "" ? message : `${column} ${message}`)).join("; ");
}

/** The days that a row is for, as they are written. */
export function sayRowDays({ cells }: ImportRow): string {
  const { effective_from: from = "", effective_to: to = "" } = cells;
  if (from === "") return to === "" ? "always" : `to ${to}`;
  return to === "" ? `from ${from}` : `${from} to ${to}`;
}
