import type { Slo } from "@throughline/schemas/pack/slo";
import type { SloFilter } from "../queries/sum-judged-legs.ts";

/** What a page narrows all of its figures to. */
export interface Narrowing {
  site?: readonly string[] | undefined;
  domain?: readonly string[] | undefined;
  /** The moment whose knowledge is asked for; undefined: now. */
  asOf?: string | undefined;
}

/** Which legs an objective is of, narrowed to what was asked; undefined when that leaves none of its sites. */
export function toSloFilter(slo: Slo, { site = [], domain, asOf }: Narrowing): SloFilter | undefined {
  const own = slo.sites ?? [];
  const sites = own.length === 0 ? site : own.filter((name) => site.length === 0 || site.includes(name));
  if (own.length > 0 && sites.length === 0) return undefined;
  return {
    flow: [slo.flow],
    leg: slo.legs ?? [],
    supplier: slo.suppliers,
    criticality: slo.criticality,
    site: sites,
    domain,
    asOf,
  };
}
