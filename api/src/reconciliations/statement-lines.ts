import type { Statement } from "../contract/reconciliation.ts";
import type { Column } from "../http/list-columns.ts";

type UnitStatement = Statement["units"][number];

/** A line of a statement as a table has it. */
export interface StatementLine {
  unit: string;
  part: "roll_forward" | "drift" | "class" | "cause" | "age";
  line: string;
  /** Null of a figure that counts nothing. */
  count: number | null;
  value: string;
}

export const STATEMENT_COLUMNS: readonly Column<StatementLine>[] = [
  { name: "unit", kind: "text", read: ({ unit }) => unit },
  { name: "part", kind: "text", read: ({ part }) => part },
  { name: "line", kind: "text", read: ({ line }) => line },
  { name: "count", kind: "integer", read: ({ count }) => count },
  { name: "value", kind: "text", read: ({ value }) => value },
];

/** All figures of a statement, one beneath the other, in the order in which it is read. */
export function toStatementLines(units: readonly UnitStatement[]): StatementLine[] {
  return units.flatMap((unit) => listLines(unit).map((line) => ({ unit: unit.unit, ...line })));
}

function listLines(unit: UnitStatement): Omit<StatementLine, "unit">[] {
  const rolled = (["opening", "new", "reopened", "changed", "cleared"] as const).map((line) => ({
    part: "roll_forward" as const,
    line,
    ...unit[line],
  }));
  return [
    ...rolled,
    ...unit.adjustments.map(({ kind, reason, count, value }) => ({
      part: "roll_forward" as const,
      line: `adjustment ${kind}: ${reason}`,
      count,
      value,
    })),
    { part: "roll_forward", line: "closing", ...unit.closing },
    { part: "drift", line: "net", count: null, value: unit.net },
    { part: "drift", line: "gross", count: unit.count, value: unit.gross },
    ...unit.byClass.map(({ class: line, ...total }) => ({ part: "class" as const, line, ...total })),
    ...unit.byCause.map(({ cause: line, ...total }) => ({ part: "cause" as const, line, ...total })),
    ...unit.aging.map(({ days: line, ...total }) => ({ part: "age" as const, line, ...total })),
  ];
}
