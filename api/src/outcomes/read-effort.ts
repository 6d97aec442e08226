import { type Touch, listTouches } from "../queries/list-touches.ts";
import { listMatchHistories } from "../queries/list-match-histories.ts";
import type { Case, Cases, NotMeasurable } from "./cases.ts";
import { isBlocking } from "./fold-exceptions.ts";
import { MAX_CASES, type OutcomeContext, TOO_MANY } from "./outcome-figure.ts";
import { NOT_MATCHED, hasAnyMatch } from "./read-invoice-exceptions.ts";

const MINUTE_MS = 60_000;
const LOGGED = "log";

/** Minutes that people logged on exceptions, when they were spent. What was touched without a log is left out. */
export async function readEffort(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  if (!(await hasAnyMatch(context))) return NOT_MATCHED;
  const acts = await list(context, context.span.from);
  if (acts.length > MAX_CASES) return TOO_MANY;
  if (acts.length === 0 && (await list(context, 0)).length === 0)
    return { because: "nobody has ever worked on an exception in the match worklist" };
  const cases: Cases = { counted: [], excluded: [], open: [] };
  for (const own of Map.groupBy(acts, toItem).values()) {
    const logs = own.filter(({ verb }) => verb === LOGGED);
    const [first] = own;
    cases.counted.push(...logs.map((log) => ({ ...toCase(log, log.worked), part: log.minutes * MINUTE_MS, whole: 1 })));
    if (logs.length === 0 && first)
      cases.excluded.push({ ...toCase(first, first.done), reason: "touched, and no minutes were logged" });
  }
  return cases;
}

/** Invoices that are settled without anybody having touched them; each counts at its entry. */
export async function readTouchless(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  const { reader, asker, span, sites, asOf } = context;
  if (!(await hasAnyMatch(context))) return NOT_MATCHED;
  const [histories, acts] = await Promise.all([
    listMatchHistories(reader, asker, { kind: "invoice", ...span, sites, asOf, limit: MAX_CASES + 1 }),
    list(context, 0),
  ]);
  if (histories.length > MAX_CASES || acts.length > MAX_CASES) return TOO_MANY;
  const touched = new Set(acts.map(({ type, id, document }) => toDocument({ type, id, document })));
  const cases: Cases = { counted: [], excluded: [], open: [] };
  for (const history of histories) {
    const { type, id, document, entered, last_site: site, last_supplier: supplier } = history;
    const key = toDocument(history);
    const one: Case = { at: entered, key, object: { type, id }, site, supplier, note: `entry ${document}` };
    const outcome = history.outcomes.at(-1) ?? "matched";
    const isRemoved = history.removed.at(-1) === 1;
    if (isRemoved) cases.excluded.push({ ...one, reason: "taken back" });
    else if (outcome === "held" || isBlocking({ outcome, isRemoved }))
      cases.excluded.push({ ...one, reason: "not settled yet" });
    else cases.counted.push({ ...one, part: touched.has(key) ? 0 : 1, whole: 1 });
  }
  return cases;
}

function list({ reader, asker, sites, asOf }: OutcomeContext, from: number): Promise<Touch[]> {
  return listTouches(reader, asker, { from, sites, asOf, limit: MAX_CASES + 1 });
}

function toDocument({ type, id, document }: Pick<Touch, "type" | "id" | "document">): string {
  return [type, id, document].join("\u0000");
}

function toItem(act: Touch): string {
  return [toDocument(act), act.order, act.line].join("\u0000");
}

function toCase(act: Touch, at: number): Case {
  const note = [act.line === "" ? "" : `line ${act.line}`, act.order].filter((text) => text !== "").join(", ");
  return { at, key: toItem(act), object: { type: act.type, id: act.id }, site: act.of_site, supplier: "", note };
}
