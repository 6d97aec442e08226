import type { Simulation } from "./simulation.ts";
import type { Outage } from "./outages.ts";

/**
 * What can be so for a time: a system is down; a supplier tries a release; a collector is dead, so that its system goes on and is not
 * heard; a queue is stuck behind a feed that says it is well; a clock is ahead; the certificate of a supplier has expired; a
 * job is not run; a period is closed before its feeds are complete; somebody takes from a shelf.
 */
export const INCIDENT_KINDS = [
  "outage",
  "version-drift",
  "collector-dead",
  "stuck-queue",
  "clock-drift",
  "expired-certificate",
  "job-not-run",
  "closed-early",
  "theft",
] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** When something of a kind is so for a system, a supplier, a job or a site, in the order in which it begins. */
export type Incidents = (kind: IncidentKind, of: string) => readonly Outage[];

export const NO_INCIDENTS: Incidents = () => [];

/** How far a clock that is ahead is ahead. */
export const AHEAD_MS = 25 * 60_000;
/** What waited for less than this is nothing that could be noticed. */
const NOTICED_AFTER_MS = 90 * 60_000;

/** Holds back what a dead collector or a stuck queue would bring, and notes each the first time that it does. */
export function holdBack(simulation: Simulation, source: string, at: number): number {
  const stuck = simulation.incident("stuck-queue", source).find(at);
  if (stuck !== undefined && stuck.end - at > NOTICED_AFTER_MS)
    noteOnce(simulation, { kind: "stuck-queue", of: source, incident: stuck, at }, { finding: BEHIND });
  const dead = simulation.incident("collector-dead", source).find(at);
  if (dead !== undefined)
    noteOnce(simulation, { kind: "collector-dead", of: source, incident: dead, at }, { finding: SILENT });
  return dead?.end ?? stuck?.end ?? at;
}

const SILENT = "The source is silent; nothing of it is late when it is heard again.";

const BEHIND = "What waited arrives behind the watermark of its feed.";

interface NotedIncident {
  kind: Exclude<IncidentKind, "closed-early" | "theft">;
  of: string;
  incident: Outage;
  at: number;
}

/** Notes an incident in the truth, once. */
export function noteOnce(
  simulation: Simulation,
  noted: NotedIncident,
  { finding, objects = [] }: { finding: string; objects?: readonly { type: string; id: string }[] },
) {
  const { kind, of, incident, at } = noted;
  const key = `${kind}/${of}/${incident.start}`;
  if (simulation.noted.has(key)) return;
  simulation.noted.add(key);
  simulation.recordFault(at, {
    kind,
    onset: new Date(incident.start).toISOString(),
    end: new Date(incident.end).toISOString(),
    objects: [{ type: "interface", id: of }, ...objects],
    events: [],
    expected: { finding },
  });
}
