import { z } from "zod";
import { type AccessKey, type Principal, role } from "../access.ts";

/** A row of `api_keys` as it is read, and as the cache file keeps it. A scope of everything is the list `["*"]`. */
export const keyRow = z.object({
  id: z.string(),
  version: z.number(),
  name: z.string(),
  hash: z.string(),
  roles: z.array(role),
  sites: z.array(z.string()),
  domains: z.array(z.string()),
  created_at: z.string(),
  created_by: z.string(),
  revoked_at: z.string().nullable(),
  revoked_by: z.string(),
});

export type KeyRow = z.infer<typeof keyRow>;

/** A scope's names as a column keeps them. */
export function toScopeColumn(names: "*" | string[]): string[] {
  return names === "*" ? ["*"] : names;
}

function fromScopeColumn(names: string[]): "*" | string[] {
  return names.includes("*") ? "*" : names;
}

export function toPrincipal(row: KeyRow): Principal {
  return { id: row.id, name: row.name, roles: row.roles, scope: toScope(row) };
}

export function toAccessKey(row: KeyRow): AccessKey {
  return {
    id: row.id,
    name: row.name,
    roles: row.roles,
    scope: toScope(row),
    createdAt: row.created_at,
    createdBy: row.created_by,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
  };
}

function toScope(row: KeyRow) {
  return { sites: fromScopeColumn(row.sites), domains: fromScopeColumn(row.domains) };
}
