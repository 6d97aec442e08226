import type { LegMove } from "@throughline/schemas/leg";
import type { StoryWindow } from "../contract/leg-story.ts";
import { type ExcuseRow, toExcuse } from "../queries/excuse-row.ts";
import { parseMoves } from "../queries/leg-row.ts";
import type { VerdictRow } from "../queries/list-verdicts-of-leg.ts";

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
  versions: ReadonlyMap<string, readonly ExcuseRow[]>,
): StoryWindow[] {
  const [was, is] = [before ? listWindows(before) : [], listWindows(row)];
  const findExcuse = (id: string, isMeant: (version: ExcuseRow) => boolean) => {
    const found = versions.get(id)?.findLast(isMeant);
    return found === undefined ? null : toExcuse(found);
  };
  const applied = is.flatMap((move): StoryWindow[] => {
    const same = was.find(({ id }) => id === move.id);
    if (same?.version === move.version) return [];
    const excuse = findExcuse(move.id, ({ version }) => version === move.version);
    return [{ ...move, change: same === undefined ? "added" : "changed", excuse }];
  });
  const lifted = was
    .filter((move) => !is.some(({ id }) => id === move.id))
    .map((move): StoryWindow => {
      const excuse = findExcuse(move.id, ({ at }) => at <= row.evaluated_at);
      return { ...move, change: "lifted", excuse };
    });
  return [...applied, ...lifted];
}

function listWindows(row: VerdictRow): LegMove[] {
  return row.is_removed === 1 ? [] : parseMoves(row).filter(({ kind }) => kind !== "reversal");
}
