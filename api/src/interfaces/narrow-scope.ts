import type { Scope } from "@throughline/schemas/clickhouse/scope";

/** The part of a scope that was asked for; what lies outside of the scope cannot be asked for. */
export function narrowScope(
  scope: Scope,
  asked: { site?: readonly string[] | undefined; domain?: readonly string[] | undefined },
): Scope {
  return { sites: narrow(scope.sites, asked.site), domains: narrow(scope.domains, asked.domain) };
}

function narrow(own: "*" | readonly string[], asked: readonly string[] | undefined): "*" | readonly string[] {
  if (asked === undefined || asked.length === 0) return own;
  return own === "*" ? asked : own.filter((name) => asked.includes(name));
}
