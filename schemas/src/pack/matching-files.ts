import { checkMatchRouting } from "./check-match-routing.ts";
import { checkTolerances, checkUnits } from "./check-tolerances.ts";
import type { Pack } from "./flow.ts";
import { matchRoutingFile } from "./match-routing.ts";
import type { PackIssue } from "./pack-issue.ts";
import { toRuleVersion } from "./rule-version.ts";
import { findSchemaIssues } from "./schema-issues.ts";
import { NO_TOLERANCES, type Tolerances, tolerancesFile } from "./tolerance.ts";
import { parseEquation, unitsFile } from "./unit-equation.ts";
import type { YamlFile } from "./yaml-file.ts";

/** The files that say how invoices are matched, and whose work it is. */
export interface MatchingFiles {
  tolerances: readonly YamlFile[];
  units: readonly YamlFile[];
  routing: readonly YamlFile[];
}

/** All that is wrong with them. */
export function checkMatchingFiles({ tolerances, units, routing }: MatchingFiles): PackIssue[] {
  const isReadable = (file: YamlFile) => file.issues.length === 0;
  return [
    ...tolerances
      .filter(isReadable)
      .flatMap((file) => findSchemaIssues(file, tolerancesFile).concat(checkTolerances(file))),
    ...units.filter(isReadable).flatMap((file) => findSchemaIssues(file, unitsFile).concat(checkUnits(file))),
    ...routing
      .filter(isReadable)
      .flatMap((file) => findSchemaIssues(file, matchRoutingFile).concat(checkMatchRouting(file))),
  ];
}

/** What they say, where nothing is wrong. */
export function toMatchingPack({
  tolerances,
  units,
  routing,
}: MatchingFiles): Pick<Pack, "tolerances" | "units" | "matchRouting"> {
  const [written] = routing;
  return {
    tolerances: toTolerances(tolerances),
    units: units.flatMap(({ value }) => unitsFile.parse(value).units.flatMap((text) => parseEquation(text) ?? [])),
    ...(written && { matchRouting: matchRoutingFile.parse(written.value) }),
  };
}

function toTolerances(files: readonly YamlFile[]): Tolerances {
  const [written] = files.map(({ value }) => tolerancesFile.parse(value));
  return written ? { ...written, version: toRuleVersion(written) } : NO_TOLERANCES;
}
