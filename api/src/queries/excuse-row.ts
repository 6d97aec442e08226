import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { EXCUSE_KINDS, EXCUSE_STATES, type Excuse } from "../contract/excuse.ts";
import { toHref } from "../http/href.ts";

export const EXCUSE_COLUMNS = `id, version, kind, state, flow, leg, site, domain, supplier, source, from_at, until_at, reason,
  requested_at, requested_by, requester, decided_at, decided_by, decider, at, actor, actor_name, note`;

/** A version of a window as `excuse_windows` holds it. */
export const excuseRow = z.object({
  id: z.string(),
  version: z.int(),
  kind: z.enum(EXCUSE_KINDS),
  state: z.enum(EXCUSE_STATES),
  flow: z.string(),
  leg: z.string(),
  site: z.string(),
  domain: z.string(),
  supplier: z.string(),
  source: z.string(),
  from_at: instant,
  until_at: instant.nullable(),
  reason: z.string(),
  requested_at: instant,
  requested_by: z.string(),
  requester: z.string(),
  decided_at: instant.nullable(),
  decided_by: z.string(),
  decider: z.string(),
  at: instant,
  actor: z.string(),
  actor_name: z.string(),
  note: z.string(),
});
export type ExcuseRow = z.infer<typeof excuseRow>;

export function toExcuse(row: ExcuseRow): Excuse {
  const { id, version, kind, state, flow, leg, site, domain, supplier, source, reason, note } = row;
  return {
    id,
    version,
    kind,
    state,
    flow,
    leg,
    site,
    supplier,
    source,
    domain,
    from: row.from_at,
    until: row.until_at,
    reason,
    requestedAt: row.requested_at,
    requestedBy: { id: row.requested_by, name: row.requester },
    decidedAt: row.decided_at,
    decidedBy: row.decided_at === null ? null : { id: row.decided_by, name: row.decider },
    changedAt: row.at,
    changedBy: { id: row.actor, name: row.actor_name },
    note,
    href: toHref(`/excuses/${id}`),
  };
}
