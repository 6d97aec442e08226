import { isInScope } from "@throughline/schemas/access";
import type { Scope } from "@throughline/schemas/clickhouse/scope";
import type { LegMove } from "@throughline/schemas/leg";
import type { StoryWindow } from "../contract/leg-story.ts";
import { type ExcuseRow, toExcuse } from "../queries/excuse-row.ts";
import { parseMoves } from "../queries/leg-row.ts";
import type { VerdictRow } from "../queries/list-verdicts-of-leg.ts";

/** The versions of the windows by id, and what the reader may see. */
export interface WindowSources {
  windows: ReadonlyMap<string, readonly ExcuseRow[]>;
  scope: Scope;
}

/** The ids of all windows that ever moved the deadline of a leg. */
export function listWindowIds(rows: readonly VerdictRow[]): string[] {
  return [...new Set(rows.flatMap((row) => listWindows(row).map(({ id }) => id)))];
}

/**
 * The excuses and pauses by which a verdict differs from the one before it, with what had been said of them: of one that
 * is lifted by then what was said last.
 */
export function listWindowChanges(
  before: VerdictRow | undefined,
  row: VerdictRow,
  { windows, scope }: WindowSources,
): StoryWindow[] {
  const [was, is] = [before ? listWindows(before) : [], listWindows(row)];
  const describe = (id: string, isMeant: (version: ExcuseRow) => boolean) => {
    const found = windows.get(id)?.findLast(isMeant);
    return found === undefined
      ? { excuse: null, isListed: false }
      : { excuse: toExcuse(found), isListed: isInScope(scope, found) };
  };
  const applied = is.flatMap((move): StoryWindow[] => {
    const same = was.find(({ id }) => id === move.id);
    if (same?.version === move.version) return [];
    const change = same === undefined ? "added" : "changed";
    return [{ ...move, change, ...describe(move.id, ({ version }) => version === move.version) }];
  });
  const lifted = was
    .filter((move) => !is.some(({ id }) => id === move.id))
    .map((move): StoryWindow => {
      return { ...move, change: "lifted", ...describe(move.id, ({ at }) => at <= row.evaluated_at) };
    });
  return [...applied, ...lifted];
}

function listWindows(row: VerdictRow): LegMove[] {
  return row.is_removed === 1 ? [] : parseMoves(row).filter(({ kind }) => kind !== "reversal");
}
