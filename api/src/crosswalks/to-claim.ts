import type { CrosswalkClaim } from "@throughline/schemas/crosswalk-conflicts";
import type { NewTranslation } from "../contract/crosswalk.ts";
import type { TranslationRow } from "../queries/translation-row.ts";

/** A translation as it is held against others. */
export function toClaim(of: NewTranslation | TranslationRow): CrosswalkClaim {
  if (!("from_value" in of)) return of;
  return {
    crosswalk: of.crosswalk,
    from: of.from_value,
    to: of.to_value,
    reversible: of.reversible === 1,
    ...(of.from_system !== "" && { fromSystem: of.from_system }),
    ...(of.to_system !== "" && { toSystem: of.to_system }),
    ...(of.interface !== "" && { interface: of.interface }),
    ...(of.site !== "" && { site: of.site }),
    ...(of.effective_from !== "" && { effectiveFrom: of.effective_from }),
    ...(of.effective_to !== "" && { effectiveTo: of.effective_to }),
  };
}
