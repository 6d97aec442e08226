import { canonicalize } from "./canonical.ts";
import type { Pack } from "./flow.ts";
import { toRuleVersion } from "./rule-version.ts";

/** What of a pack is kept version by version, so that a question about the past is answered by what was agreed then. */
export const CONFIGURATION_KINDS = ["source", "slo", "interface", "calendar", "flow"] as const;
export type ConfigurationKind = (typeof CONFIGURATION_KINDS)[number];

/** The part of a pack that is kept. */
export type KeptPack = Pick<Pack, "sources" | "slos" | "interfaces" | "calendars" | "flows">;

/** One entry of a pack as it is stored. */
export interface ConfigurationEntry {
  kind: ConfigurationKind;
  id: string;
  /** Its place among those of its kind, from 0: of source rules the first that fits counts. */
  place: number;
  /** A digest of the body. */
  version: string;
  body: string;
}

/** The entries of a pack in their order. Of source rules for the same sources only the first is kept: no other ever counts. */
export function listConfigurationEntries(pack: KeptPack): ConfigurationEntry[] {
  const seen = new Set<string>();
  const sources = pack.sources.filter(({ source }) => !seen.has(source) && seen.add(source));
  return [
    ...toEntries("source", sources, ({ source }) => source),
    ...toEntries("slo", pack.slos, ({ id }) => id),
    ...toEntries("interface", [...pack.interfaces.values()], ({ id }) => id),
    ...toEntries("calendar", [...pack.calendars.values()], ({ id }) => id),
    ...toEntries("flow", [...pack.flows.values()], ({ id }) => id),
  ];
}

/** One version for all entries together. */
export function toConfigurationVersion(entries: readonly ConfigurationEntry[]): string {
  return toRuleVersion(entries.map(({ kind, id, place, version }) => [kind, id, place, version]));
}

function toEntries<Entry>(
  kind: ConfigurationKind,
  entries: readonly Entry[],
  idOf: (entry: Entry) => string,
): ConfigurationEntry[] {
  return entries.map((entry, place) => ({
    kind,
    id: idOf(entry),
    place,
    version: toRuleVersion(entry),
    body: canonicalize(entry),
  }));
}
