import { type Event, HEARTBEAT_TYPE } from "@throughline/schemas/event";

/** What an import did. `read` counts records; each is accepted, skipped, refused or taken before. */
export interface ImportSummary {
  read: number;
  /** On the gateway's disk by this run. */
  accepted: number;
  /** Of the events: identities seen twice in the file, or acknowledged in an earlier run. They change no figure. */
  duplicates: number;
  /** Not sent again because an earlier run had sent them. */
  resumed: number;
  /** Left out on purpose: the mapping says so. */
  skipped: number;
  refused: number;
  /** Each kind of reason as first met, how often it applied, and its first records; most frequent first. */
  reasons: RefusalSummary[];
  activities: ReadonlyMap<string, number>;
  types: ReadonlyMap<string, number>;
  sources: ReadonlyMap<string, SourceSummary>;
}

export interface RefusalSummary {
  reason: string;
  count: number;
  records: number[];
}

export interface SourceSummary {
  /** Time of the last event, RFC 3339 in UTC. */
  watermark: string;
  events: number;
}

const MAX_REASONS = 200;
const MAX_NAMES = 10_000;
const EXAMPLES = 3;
const OTHERS = "(others)";

/** Counts as the import goes on. What is counted by name is bounded: names beyond the bound are counted together. */
export function createSummary() {
  const activities = new Map<string, number>();
  const types = new Map<string, number>();
  const sources = new Map<string, SourceSummary>();
  const reasons = new Map<string, RefusalSummary>();
  const counts = {
    accepted: 0,
    duplicates: 0,
    resumed: 0,
    skipped: 0,
    refused: 0,
    sources,
    countActivity: (activity: string) => addTo(activities, activity),
    countEvent: (event: Event) => {
      addTo(types, event.type);
      if (event.type !== HEARTBEAT_TYPE) noteSource(sources, event);
    },
    refuse: (record: number, reason: string) => {
      counts.refused += 1;
      noteRefusal(reasons, record, reason);
    },
    finish: (read: number): ImportSummary => ({
      read,
      accepted: counts.accepted,
      duplicates: counts.duplicates,
      resumed: counts.resumed,
      skipped: counts.skipped,
      refused: counts.refused,
      reasons: [...reasons.values()].toSorted((a, b) => b.count - a.count),
      activities,
      types,
      sources,
    }),
  };
  return counts;
}

function addTo(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < MAX_NAMES ? name : OTHERS;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function noteSource(sources: Map<string, SourceSummary>, event: Event): void {
  if (!event.time) return;
  const watermark = new Date(event.time).toISOString();
  const known = sources.get(event.source);
  if (known === undefined && sources.size >= MAX_NAMES) return;
  if (known === undefined) sources.set(event.source, { watermark, events: 1 });
  else {
    known.events += 1;
    if (watermark > known.watermark) known.watermark = watermark;
  }
}

/** Reasons that differ only in the values that they quote are one. */
function noteRefusal(reasons: Map<string, RefusalSummary>, record: number, reason: string): void {
  const name = reason.replaceAll(/"[^"]*"/g, "").slice(0, 300);
  const key = reasons.has(name) || reasons.size < MAX_REASONS ? name : OTHERS;
  const entry = reasons.get(key);
  if (entry === undefined)
    reasons.set(key, { reason: key === OTHERS ? OTHERS : reason.slice(0, 500), count: 1, records: [record] });
  else {
    entry.count += 1;
    if (entry.records.length < EXAMPLES) entry.records.push(record);
  }
}
