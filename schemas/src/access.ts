import { z } from "zod";
import { EVERYTHING, type Scope } from "./clickhouse/scope.ts";
import { text } from "./text.ts";

/**
 * What a key or a person may do. `viewer` reads; `operator` acts on what is open; `auditor` reads evidence as well;
 * `admin` may do all of it and manages keys; `ingest` may only send.
 */
export const ROLES = ["viewer", "operator", "auditor", "admin", "ingest"] as const;

export const role = z.enum(ROLES).meta({ id: "Role", description: "What a key or a person may do." });
export type Role = z.infer<typeof role>;

const SCOPE_NAMES = 1000;

/** Names that a scope lists; `*` alone is no name, since it means everything where it stands by itself. */
const scopeNames = z
  .union([
    z.literal("*"),
    z.array(text(128, 1).refine((name) => name !== "*", "must name one, not *")).max(SCOPE_NAMES),
  ])
  .meta({ description: "`*` for everything, also what belongs to none; else just those named." });

export const accessScope = z
  .strictObject({ sites: scopeNames, domains: scopeNames })
  .meta({ id: "Scope", description: "The sites and domains that a principal may see." });

/** Who makes a request. `id` is stable and names the actor in every record of a write. */
export const principal = z
  .object({ id: z.string(), name: z.string(), roles: z.array(role), scope: accessScope })
  .meta({ id: "Principal", description: "Who makes a request, and what they may do and see." });

export type Principal = z.infer<typeof principal>;

/** What is needed for a new key; the scope is everything unless it is given. */
export const newAccessKey = z
  .strictObject({
    name: text(120, 1),
    roles: z.array(role).min(1).max(ROLES.length),
    scope: accessScope.default({ sites: "*", domains: "*" }),
  })
  .meta({ id: "NewKey", description: "A key to be made." });

export type NewAccessKey = z.infer<typeof newAccessKey>;

/** A named key without its secret, which is shown once, when the key is made, and kept nowhere. */
export const accessKey = z
  .object({
    id: z.string(),
    name: z.string(),
    roles: z.array(role),
    scope: accessScope,
    createdAt: z.string(),
    createdBy: z.string(),
    revokedAt: z.string().nullable(),
    revokedBy: z.string(),
  })
  .meta({ id: "Key", description: "A named key without its secret." });

export type AccessKey = z.infer<typeof accessKey>;

/** The principal behind the administrator's token. */
export const ADMINISTRATOR: Principal = {
  id: "administrator",
  name: "Administrator",
  roles: [...ROLES],
  scope: { sites: "*", domains: "*" },
};

/** True when the principal has one of the roles, or is an administrator. */
export function hasRole(who: Pick<Principal, "roles">, ...allowed: readonly Role[]): boolean {
  return who.roles.includes("admin") || allowed.some((name) => who.roles.includes(name));
}

/** True when everything that `inner` shows, `outer` shows too. */
export function isScopeWithin(inner: Scope, outer: Scope): boolean {
  return isWithin(inner.sites, outer.sites) && isWithin(inner.domains, outer.domains);
}

/** True when a row of this site and domain may be seen. Only `*` shows what belongs to none. */
export function isInScope(scope: Scope, row: { site: string; domain: string }): boolean {
  return isWithin([row.site], scope.sites) && isWithin([row.domain], scope.domains);
}

/** True when nothing is hidden. */
export function isUnscoped(scope: Scope): boolean {
  return isScopeWithin(EVERYTHING, scope);
}

function isWithin(inner: Scope["sites"], outer: Scope["sites"]): boolean {
  if (outer === "*") return true;
  return inner !== "*" && inner.every((name) => outer.includes(name));
}
