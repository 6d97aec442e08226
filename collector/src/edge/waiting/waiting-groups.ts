import type { WaitingEntry } from "./waiting-store.ts";

/** A value that documents of an interface wait for. */
export interface WaitingGroup {
  interface: string;
  table: string;
  value: string;
  /** Of the events that lack it. */
  domain: string;
  /** Of the documents; empty where they name none. */
  site: string;
  types: string[];
  documents: number;
  since: string;
}

export const MAX_GROUPS = 1000;

/** What waits, by interface, table, value, domain and site, the oldest first. */
export function groupWaiting(entries: readonly WaitingEntry[]): Map<string, WaitingGroup> {
  const groups = new Map<string, WaitingGroup & { keys: Set<string> }>();
  for (const { key, interface: name, since, site = "", unknown } of entries)
    for (const { table, value, type } of unknown) {
      const domain = type.slice(0, type.indexOf("."));
      const id = JSON.stringify([name, table, value, domain, site]);
      const found = groups.get(id);
      if (found === undefined && groups.size >= MAX_GROUPS) continue;
      const fresh = {
        interface: name,
        table,
        value,
        domain,
        site,
        types: [],
        documents: 0,
        since,
        keys: new Set<string>(),
      };
      const group = found ?? fresh;
      group.keys.add(key);
      group.documents = group.keys.size;
      if (since < group.since) group.since = since;
      if (!group.types.includes(type)) group.types = [...group.types, type].toSorted();
      groups.set(id, group);
    }
  return new Map([...groups].map(([id, { keys: _keys, ...group }]) => [id, group]));
}
