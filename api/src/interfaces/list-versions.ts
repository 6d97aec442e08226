import type { InterfaceDefinition } from "@throughline/schemas/pack/interface";
import type { SeenVersion } from "../contract/interface.ts";
import type { Evidence } from "./evidence.ts";

interface Seen {
  version: string;
  place: string;
  count: number;
  first: string;
  last: string;
}

/**
 * The versions that traffic names in the place that was agreed, the oldest first; the empty one stands for traffic that names
 * none. Counts are those of the evidence's range, times are over all time.
 */
export function listVersions(definition: InterfaceDefinition, evidence: Evidence): SeenVersion[] {
  const merged = new Map<string, Seen>();
  for (const seen of listSeen(definition.contract.versionIn, evidence)) {
    const key = `${seen.place} ${seen.version}`;
    const known = merged.get(key);
    merged.set(
      key,
      known === undefined
        ? seen
        : {
            ...seen,
            count: known.count + seen.count,
            first: known.first < seen.first ? known.first : seen.first,
            last: known.last > seen.last ? known.last : seen.last,
          },
    );
  }
  return [...merged.values()]
    .map(({ version, place, count, first, last }) => ({
      version,
      place,
      isAgreed: isAgreed(definition, { version, last }),
      count,
      firstSeenAt: first,
      lastSeenAt: last,
    }))
    .toSorted((a, b) => (a.firstSeenAt < b.firstSeenAt ? -1 : 1));
}

function listSeen(versionIn: InterfaceDefinition["contract"]["versionIn"], evidence: Evidence): Seen[] {
  if (versionIn === "span") {
    const counts = new Map<string, number>();
    for (const call of evidence.calls) {
      const key = toCallKey(call);
      counts.set(key, (counts.get(key) ?? 0) + call.calls);
    }
    return evidence.spanVersions.map((row) => ({
      version: row.version,
      place: row.version_in,
      count: counts.get(toCallKey(row)) ?? 0,
      first: row.first_seen,
      last: row.last_seen,
    }));
  }
  return evidence.events.map((row) => ({
    version: versionIn === "dataschema" ? row.dataschema_version : row.attribute_version,
    place: versionIn,
    count: row.events,
    first: row.first_seen,
    last: row.last_seen,
  }));
}

function toCallKey(row: Evidence["spanVersions"][number]): string {
  return JSON.stringify([row.service, row.peer, row.route, row.client, row.version_in, row.version]);
}

/** The agreed version, one that is accepted, or one that an approved change had brought when it was seen last. */
function isAgreed({ contract, changes }: InterfaceDefinition, seen: { version: string; last: string }): boolean {
  if (seen.version === "") return false;
  if (seen.version === contract.version || contract.accepted.includes(seen.version)) return true;
  return changes.some(
    ({ version, approvedBy, from }) =>
      version === seen.version && approvedBy !== undefined && Date.parse(from) <= Date.parse(seen.last),
  );
}
