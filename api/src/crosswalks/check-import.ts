import type { Issue } from "@throughline/schemas/error";
import type { CrosswalkContext } from "./crosswalk-context.ts";
import { findProposalIssues, findScopeIssues, type Proposal } from "./propose-translations.ts";
import { type CsvTranslation, toLinePath } from "./read-translations-csv.ts";

const MAX_ROUNDS = 10;

/**
 * The rows of a file with all that is wrong with each: what it says, where it may hold, and what it stands in the way of. Rows that nothing
 * is wrong with can be proposed together.
 */
export async function checkImport(
  context: CrosswalkContext,
  rows: readonly CsvTranslation[],
): Promise<CsvTranslation[]> {
  let checked = rows.map((row) => row);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const proposals = checked.flatMap(({ asked, line }): Proposal[] =>
      asked === undefined ? [] : [{ asked, path: toLinePath(line) }],
    );
    const issues = [...findScopeIssues(context, proposals), ...(await findProposalIssues(context, proposals))];
    if (issues.length === 0) return checked;
    // Without the rows that are refused others may stand.
    const byLine = Map.groupBy(issues, ({ path }) => path.split("/").slice(0, 3).join("/"));
    checked = checked.map((row) => refuseRow(row, byLine.get(toLinePath(row.line))));
  }
  return checked;
}

function refuseRow(row: CsvTranslation, issues: readonly Issue[] | undefined): CsvTranslation {
  return issues === undefined ? row : { ...row, asked: undefined, issues: [...row.issues, ...issues] };
}
