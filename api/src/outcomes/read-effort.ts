import { type Touch, listTouches } from "../queries/list-touches.ts";
import { askTouchless } from "../queries/match-cases.ts";
import { sumCases } from "../queries/sum-cases.ts";
import { listMatchHistories } from "../queries/list-match-histories.ts";
import type { Case, Cases, NotMeasurable } from "./cases.ts";
import { foldEffort, toDocument } from "./fold-effort.ts";
import { isBlocking } from "./fold-exceptions.ts";
import { MAX_CASES, type OutcomeContext, type SummedCases, TOO_MANY, toSumWindows } from "./outcome-figure.ts";
import { readAcceptances } from "./read-acceptances.ts";
import { NOT_MATCHED, hasAnyMatch, listEvaluations } from "./read-invoice-exceptions.ts";

/** Minutes spent on matches: logged, or by the declared standard of each touch where nobody logged any. */
export async function readEffort(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  if (!(await hasAnyMatch(context))) return NOT_MATCHED;
  const acts = await list(context, context.span.from);
  if (acts.length > MAX_CASES) return TOO_MANY;
  if (acts.length === 0 && (await list(context, 0)).length === 0)
    return { because: "nobody has ever worked on an exception in the match worklist" };
  return foldEffort(acts, context.pack.matchRouting?.touchMinutes);
}

/** Invoices that pass or were accepted, without anybody having touched them; each counts at its entry. */
export async function readTouchless(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  if (!(await hasAnyMatch(context))) return NOT_MATCHED;
  return (await listTouchless(context, { most: context.most })) ?? TOO_MANY;
}

/** The same invoices added up by the store, but for those of which anything was ever accepted. */
export async function sumTouchless(context: OutcomeContext): Promise<SummedCases | undefined> {
  const listed = await listTouchless(context, { most: MAX_CASES, isAccepted: true });
  if (listed === undefined) return undefined;
  const { reader, asker, span, sites, asOf } = context;
  const asked = { ...askTouchless({ kind: "invoice", ...span, sites, asOf }), windows: toSumWindows(context) };
  return { sums: await sumCases(reader, asker, { ...asked, isSpread: false }), listed };
}

async function listTouchless(
  context: OutcomeContext,
  which: { most: number; isAccepted?: boolean },
): Promise<Cases | undefined> {
  const { reader, asker, span, sites, asOf } = context;
  const [histories, acts, addAcceptances] = await Promise.all([
    listMatchHistories(reader, asker, { kind: "invoice", ...span, sites, asOf, ...which }),
    list(context, 0),
    readAcceptances(context),
  ]);
  if (histories === undefined || acts.length > MAX_CASES || addAcceptances === undefined) return undefined;
  const touched = new Set(acts.map(({ type, id, document }) => toDocument({ type, id, document })));
  const cases: Cases = { counted: [], excluded: [], open: [] };
  for (const history of histories) {
    const { type, id, document, entered, last_site: site, last_supplier: supplier } = history;
    const key = toDocument(history);
    const one: Case = { at: entered, key, object: { type, id }, site, supplier, note: `entry ${document}` };
    const last = addAcceptances(history, listEvaluations(history)).at(-1);
    if (last?.isRemoved === true) cases.excluded.push({ ...one, reason: "taken back" });
    else if (last !== undefined && (last.outcome === "held" || isBlocking(last)))
      cases.excluded.push({ ...one, reason: "not settled yet" });
    else cases.counted.push({ ...one, part: touched.has(key) ? 0 : 1, whole: 1 });
  }
  return cases;
}

function list({ reader, asker, sites, asOf }: OutcomeContext, from: number): Promise<Touch[]> {
  return listTouches(reader, asker, { from, sites, asOf, limit: MAX_CASES + 1 });
}
