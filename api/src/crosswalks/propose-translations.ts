import { randomUUID } from "node:crypto";
import { isInScope } from "@throughline/schemas/access";
import { findCrosswalkConflicts } from "@throughline/schemas/crosswalk-conflicts";
import { AppError, type Issue } from "@throughline/schemas/error";
import type { NewTranslation } from "../contract/crosswalk.ts";
import { countTranslations, findApproved, findTranslations, MAX_TRANSLATIONS } from "../queries/find-translations.ts";
import type { TranslationRow } from "../queries/translation-row.ts";
import { type CrosswalkContext, recordTranslations } from "./crosswalk-context.ts";
import { toClaim } from "./to-claim.ts";

export interface Proposal {
  asked: NewTranslation;
  /** Where it stands in what was sent: `/body`, `/line/7`. */
  path: string;
}

/**
 * Records that translations are wanted; they translate nothing yet. Throws `invalid_request` with everything that is wrong with any of
 * them, and `forbidden` for a site or domain that the actor may not see; nothing is recorded then.
 */
export async function proposeTranslations(
  context: CrosswalkContext,
  { proposals, importId, isDryRun }: { proposals: readonly Proposal[]; importId: string; isDryRun: boolean },
): Promise<TranslationRow[]> {
  assertScope(context, proposals);
  const issues = await findProposalIssues(context, proposals);
  if (issues.length > 0)
    throw new AppError("invalid_request", "These translations cannot be proposed.", { issues: issues.slice(0, 1000) });
  if ((await countTranslations(context.reader)) + proposals.length > MAX_TRANSLATIONS)
    throw new AppError("conflict", `There may be ${MAX_TRANSLATIONS} translations at most.`);
  const rows = proposals.map(({ asked }) => toRow(context, asked, importId));
  if (!isDryRun) await recordTranslations(context, { verb: "propose", rows, note: "" });
  return rows;
}

/** What keeps proposals from standing beside what holds and beside each other. */
export async function findProposalIssues(context: CrosswalkContext, proposals: readonly Proposal[]): Promise<Issue[]> {
  return [...(await findReplacedIssues(context, proposals)), ...(await findConflictIssues(context, proposals))];
}

/** Proposals for a site or domain that the actor may not see. */
export function findScopeIssues({ actor }: CrosswalkContext, proposals: readonly Proposal[]): Issue[] {
  return proposals
    .filter(({ asked: { site = "", domain = "" } }) => !isInScope(actor.scope, { site, domain }))
    .map(({ path }) => ({ path: `${path}/site`, message: "lies outside of what you may see" }));
}

function assertScope(context: CrosswalkContext, proposals: readonly Proposal[]): void {
  const issues = findScopeIssues(context, proposals).slice(0, 1000);
  if (issues.length === 0) return;
  throw new AppError(
    "forbidden",
    "A translation may hold only where you may see: name a site and a domain of your own.",
    { issues },
  );
}

/** A translation can be replaced while it holds. */
async function findReplacedIssues(context: CrosswalkContext, proposals: readonly Proposal[]): Promise<Issue[]> {
  const replacing = proposals.filter(({ asked }) => asked.replaces !== undefined);
  if (replacing.length === 0) return [];
  const ids = replacing.flatMap(({ asked }) => asked.replaces ?? []);
  const known = await findTranslations(context.reader, context.asker, ids);
  return replacing.flatMap(({ asked, path }) => {
    const found = known.find(({ id }) => id === asked.replaces);
    const isThere = found?.state === "approved" && found.crosswalk === asked.crosswalk;
    return isThere ? [] : [{ path: `${path}/replaces`, message: "is no approved translation of this crosswalk" }];
  });
}

async function findConflictIssues(context: CrosswalkContext, proposals: readonly Proposal[]): Promise<Issue[]> {
  const claims = proposals.map(({ asked }) => toClaim(asked));
  const replaced = new Set(proposals.flatMap(({ asked }) => asked.replaces ?? []));
  const approved = await findApproved(context.reader, {
    from: claims.map(({ from }) => from),
    to: claims.map(({ to }) => to),
  });
  const held = approved.filter(({ id }) => !replaced.has(id)).map(toClaim);
  return findCrosswalkConflicts(claims, held).map(({ index, field, message }) => ({
    path: `${proposals[index]?.path ?? ""}/${field}`,
    message,
  }));
}

function toRow({ actor, now }: CrosswalkContext, asked: NewTranslation, importId: string): TranslationRow {
  const at = new Date(now).toISOString();
  return {
    id: randomUUID(),
    revision: 1,
    state: "proposed",
    crosswalk: asked.crosswalk,
    kind: asked.kind,
    from_system: asked.fromSystem ?? "",
    from_value: asked.from,
    to_system: asked.toSystem ?? "",
    to_value: asked.to,
    reversible: asked.reversible ? 1 : 0,
    interface: asked.interface ?? "",
    site: asked.site ?? "",
    domain: asked.domain ?? "",
    effective_from: asked.effectiveFrom ?? "",
    effective_to: asked.effectiveTo ?? "",
    reason: asked.reason,
    import_id: importId,
    replaces: asked.replaces ?? "",
    proposed_at: at,
    proposed_by: actor.id,
    proposer: actor.name,
    decided_at: null,
    decided_by: "",
    decider: "",
    at,
    actor: actor.id,
    actor_name: actor.name,
    note: "",
  };
}
