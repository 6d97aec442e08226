import { hasAnyInvoice } from "../queries/has-any-invoice.ts";
import { type MatchHistory, listMatchHistories } from "../queries/list-match-histories.ts";
import type { Case, Cases, NotMeasurable } from "./cases.ts";
import { type Evaluation, foldExceptions, isBlocking } from "./fold-exceptions.ts";
import { type OutcomeContext, TOO_MANY } from "./outcome-figure.ts";
import { readAcceptances } from "./read-acceptances.ts";

export const NOT_MATCHED: NotMeasurable = {
  because: "no invoice that you may see was ever matched: matching is not configured, or none has arrived",
};

/** Invoices, or their lines, that were blocked when they were evaluated first; each counts at its entry. */
export async function readInvoiceExceptions(
  context: OutcomeContext,
  kind: "invoice" | "line",
): Promise<Cases | NotMeasurable> {
  const histories = await list(context, kind, false);
  if (histories === undefined) return TOO_MANY;
  if (histories.length === 0 && !(await hasAnyMatch(context))) return NOT_MATCHED;
  const cases: Cases = { counted: [], excluded: [], open: [] };
  for (const history of histories) {
    const one = toCase(history, history.entered);
    if (history.type !== "invoice") cases.excluded.push({ ...one, reason: "a credit memo" });
    else cases.counted.push({ ...one, part: isBlocking(toEvaluation(history, 0)) ? 1 : 0, whole: 1 });
  }
  return cases;
}

/** Exceptions of invoices from the moment at which they were raised; each counts when it passes or is accepted. */
export async function readExceptionResolution(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  const [histories, addAcceptances] = await Promise.all([list(context, "invoice", true), readAcceptances(context)]);
  if (histories === undefined || addAcceptances === undefined) return TOO_MANY;
  if (histories.length === 0 && !(await hasAnyMatch(context))) return NOT_MATCHED;
  const cases: Cases = { counted: [], excluded: [], open: [] };
  for (const history of histories) {
    const evaluations = addAcceptances(history, listEvaluations(history));
    foldExceptions(evaluations).forEach(({ raisedAt, resolvedAt }, index) => {
      const one = { ...toCase(history, resolvedAt ?? raisedAt), key: `${history.document} ${history.id} ${index}` };
      const isTakenBack = evaluations.some(({ at, isRemoved }) => at === resolvedAt && isRemoved);
      if (isTakenBack) cases.excluded.push({ ...one, reason: "the invoice was taken back" });
      else if (resolvedAt !== undefined && resolvedAt < context.span.to)
        cases.counted.push({ ...one, part: resolvedAt - raisedAt, whole: 1 });
      else if (raisedAt < context.span.to) cases.open.push({ ...one, at: raisedAt });
    });
  }
  return cases;
}

function list(
  { reader, asker, span, sites, asOf, most }: OutcomeContext,
  kind: "invoice" | "line",
  isEvaluated: boolean,
) {
  return listMatchHistories(reader, asker, { kind, ...span, isEvaluated, sites, asOf, most });
}

/** True when an invoice that the asker may see was ever matched. */
export function hasAnyMatch({ reader, asker, asOf }: OutcomeContext): Promise<boolean> {
  return hasAnyInvoice(reader, asker, asOf);
}

/** All that was said of an invoice or line, in order. */
export function listEvaluations(history: MatchHistory): Evaluation[] {
  return history.outcomes.map((_, index) => toEvaluation(history, index));
}

function toEvaluation(history: MatchHistory, index: number): Evaluation {
  return {
    at: history.times[index] ?? 0,
    outcome: history.outcomes[index] ?? "matched",
    isRemoved: history.removed[index] === 1,
  };
}

function toCase(history: MatchHistory, at: number): Case {
  const { id, document, line, order, last_site: site, last_supplier: supplier } = history;
  return {
    at,
    key: [history.type, id, document, order, line].join("\u0000"),
    object: { type: history.type, id },
    site,
    supplier,
    note: [line === "" ? "" : `line ${line}`, document === "" ? "" : `entry ${document}`]
      .filter((text) => text !== "")
      .join(", "),
  };
}
