import { CROSSWALK_KINDS } from "@throughline/schemas/crosswalk-entry";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { TRANSLATION_STATES, type Translation } from "../contract/crosswalk.ts";
import { toHref } from "../http/href.ts";

export const TRANSLATION_COLUMNS = `id, revision, state, crosswalk, kind, from_system, from_value, to_system, to_value, reversible,
  interface, site, domain, effective_from, effective_to, reason, import_id, replaces, proposed_at, proposed_by, proposer,
  decided_at, decided_by, decider, at, actor, actor_name, note`;

/** A revision of a translation as `crosswalk_entries` holds it. */
export const translationRow = z.object({
  id: z.string(),
  revision: z.int(),
  state: z.enum(TRANSLATION_STATES),
  crosswalk: z.string(),
  kind: z.enum(CROSSWALK_KINDS),
  from_system: z.string(),
  from_value: z.string(),
  to_system: z.string(),
  to_value: z.string(),
  reversible: z.int(),
  interface: z.string(),
  site: z.string(),
  domain: z.string(),
  effective_from: z.string(),
  effective_to: z.string(),
  reason: z.string(),
  import_id: z.string(),
  replaces: z.string(),
  proposed_at: instant,
  proposed_by: z.string(),
  proposer: z.string(),
  decided_at: instant.nullable(),
  decided_by: z.string(),
  decider: z.string(),
  at: instant,
  actor: z.string(),
  actor_name: z.string(),
  note: z.string(),
});
export type TranslationRow = z.infer<typeof translationRow>;

export function toTranslation(row: TranslationRow): Translation {
  const { id, revision, state, crosswalk, kind, reversible, site, domain, reason, replaces, note } = row;
  return {
    id,
    revision,
    state,
    crosswalk,
    kind,
    fromSystem: row.from_system,
    from: row.from_value,
    toSystem: row.to_system,
    to: row.to_value,
    reversible: reversible === 1,
    interface: row.interface,
    site,
    domain,
    effectiveFrom: row.effective_from === "" ? null : row.effective_from,
    effectiveTo: row.effective_to === "" ? null : row.effective_to,
    reason,
    importId: row.import_id,
    replaces,
    proposedAt: row.proposed_at,
    proposedBy: { id: row.proposed_by, name: row.proposer },
    decidedAt: row.decided_at,
    decidedBy: row.decided_at === null ? null : { id: row.decided_by, name: row.decider },
    changedAt: row.at,
    changedBy: { id: row.actor, name: row.actor_name },
    note,
    href: toHref(`/crosswalks/${id}`),
  };
}
