import { findCrosswalkConflicts } from "@throughline/schemas/crosswalk-conflicts";
import { AppError } from "@throughline/schemas/error";
import { assertSecondPerson } from "../actions/second-person.ts";
import type { TranslationDecision } from "../contract/crosswalk.ts";
import { findApproved, findProposedOfImport, findTranslations } from "../queries/find-translations.ts";
import type { TranslationRow } from "../queries/translation-row.ts";
import { type CrosswalkContext, recordTranslations } from "./crosswalk-context.ts";
import { toClaim } from "./to-claim.ts";

type Verb = TranslationDecision["verb"];
type State = TranslationRow["state"];

/** From which states a verb leads where. */
const WAYS: Record<Verb, { from: readonly State[]; to: State }> = {
  approve: { from: ["proposed"], to: "approved" },
  reject: { from: ["proposed"], to: "rejected" },
  withdraw: { from: ["proposed", "approved"], to: "withdrawn" },
};

/**
 * Records a decision about translations, for all of them or none. Throws `second_person_required` where who proposed one decides about
 * it as well, `not_found` for one that the actor may not see, and `conflict`, with each place, where one no longer stands as it was
 * seen or cannot stand beside what holds.
 */
export async function decideTranslations(
  context: CrosswalkContext,
  decision: TranslationDecision,
): Promise<TranslationRow[]> {
  const { verb, note } = decision;
  const current = await findNamed(context, decision);
  if (verb !== "withdraw")
    for (const { proposed_by: first } of current)
      assertSecondPerson(context.actor, first, { verb, what: "a translation" });
  const replaced = verb === "approve" ? await findReplaced(context, current) : [];
  if (verb === "approve") await assertFree(context, { current, replaced });
  const changed = current.map((row) =>
    toNext(context, row, { state: WAYS[verb].to, note, isDecision: verb !== "withdraw" }),
  );
  const gone = replaced.map((row) => toNext(context, row, { state: "replaced", note, isDecision: false }));
  await recordTranslations(context, { verb, rows: [...changed, ...gone], note });
  return changed;
}

async function findNamed(
  { reader, asker }: CrosswalkContext,
  { verb, translations, importId }: TranslationDecision,
): Promise<TranslationRow[]> {
  if ((translations === undefined) === (importId === undefined))
    throw new AppError("invalid_request", "Name translations, or an import.", {
      issues: [{ path: "/body/translations", message: "must be given, or else `importId`" }],
    });
  if (importId !== undefined) {
    const proposed = await findProposedOfImport(reader, asker, importId);
    if (proposed.length === 0) throw new AppError("not_found", `Nothing of the import ${importId} is proposed.`);
    return proposed;
  }
  const named = translations ?? [];
  const found = await findTranslations(
    reader,
    asker,
    named.map(({ id }) => id),
  );
  const byId = new Map(found.map((row) => [row.id, row]));
  const missing = named.find(({ id }) => !byId.has(id));
  if (missing !== undefined) throw new AppError("not_found", `There is no translation ${missing.id}.`);
  const issues = named.flatMap(({ id, revision }, index) => {
    const row = byId.get(id);
    if (row === undefined || (row.revision === revision && WAYS[verb].from.includes(row.state))) return [];
    const message = `is ${row.state} since ${row.at}, by ${row.actor_name}`;
    return [{ path: `/body/translations/${index}`, message }];
  });
  if (issues.length > 0)
    throw new AppError("conflict", "It no longer stands as it was seen. Read it again and decide then.", { issues });
  return [...byId.values()];
}

async function findReplaced(
  { reader, asker }: CrosswalkContext,
  current: readonly TranslationRow[],
): Promise<TranslationRow[]> {
  const ids = current.flatMap(({ replaces }) => (replaces === "" ? [] : [replaces]));
  if (ids.length === 0) return [];
  return (await findTranslations(reader, asker, ids)).filter(({ state }) => state === "approved");
}

/** What was approved since it was proposed may stand in its way. */
async function assertFree(
  { reader }: CrosswalkContext,
  { current, replaced }: { current: readonly TranslationRow[]; replaced: readonly TranslationRow[] },
): Promise<void> {
  const claims = current.map(toClaim);
  const gone = new Set(replaced.map(({ id }) => id));
  const approved = await findApproved(reader, { from: claims.map(({ from }) => from), to: claims.map(({ to }) => to) });
  const held = approved.filter(({ id }) => !gone.has(id)).map(toClaim);
  const issues = findCrosswalkConflicts(claims, held).map(({ index, field, message }) => ({
    path: `/body/translations/${index}/${field}`,
    message,
  }));
  if (issues.length > 0)
    throw new AppError("conflict", "It cannot stand beside what holds already; nothing was approved.", {
      issues: issues.slice(0, 1000),
    });
}

function toNext(
  { actor, now }: CrosswalkContext,
  row: TranslationRow,
  { state, note, isDecision }: { state: State; note: string; isDecision: boolean },
): TranslationRow {
  const at = new Date(now).toISOString();
  return {
    ...row,
    revision: row.revision + 1,
    state,
    ...(isDecision && { decided_at: at, decided_by: actor.id, decider: actor.name }),
    at,
    actor: actor.id,
    actor_name: actor.name,
    note,
  };
}
