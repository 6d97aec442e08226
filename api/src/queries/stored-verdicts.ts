import { BLINDABLE } from "../blindness/shown-verdict.ts";
import type { LegFilter } from "./leg-filter.ts";

/** What may be stored of legs that are shown with these verdicts, whatever was blind when the list began. */
export function toStoredVerdicts(shown: LegFilter["verdict"]): readonly string[] | undefined {
  return shown?.includes("UNKNOWN") ? [...shown, ...BLINDABLE] : shown;
}
