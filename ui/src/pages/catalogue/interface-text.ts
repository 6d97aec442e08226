import type { CadenceState, InterfaceDetail, InterfaceFinding } from "@throughline/api/contract";
import { formatDuration } from "../../format/duration.ts";

export const CADENCE_WORDS: Record<CadenceState, { word: string; meaning: string }> = {
  kept: { word: "As agreed", meaning: "Traffic came within the agreed time." },
  late: { word: "Late", meaning: "No traffic for longer than was agreed." },
  unseen: { word: "Never seen", meaning: "No traffic of it was ever seen here: nothing is known of it." },
  "on-demand": { word: "On demand", meaning: "Traffic comes when it is needed: silence means nothing." },
};

export const FINDING_WORDS: Record<InterfaceFinding["kind"], string> = {
  cadence: "No traffic",
  unseen: "Never seen",
  "version-drift": "Version drift",
  unversioned: "No version",
  certificate: "Certificate",
  authentication: "Refused",
  throttled: "Throttled",
  "rate-limit": "Rate limit",
};

/** The kinds of what was found, the worst first: `Certificate, Version drift`. */
export function summarizeFindings(findings: readonly Pick<InterfaceFinding, "kind">[]): string {
  return [...new Set(findings.map(({ kind }) => FINDING_WORDS[kind]))].join(", ") || "none";
}

/** What the cadence of an interface says: `every 6 h`, `every 36 h of working time (us-business)`. */
export function describeCadence(cadence: InterfaceDetail["cadence"]): string {
  if (cadence.everyMs === null) return "On demand";
  const every = `Every ${formatDuration(cadence.everyMs)}`;
  return cadence.calendar === null ? every : `${every} of working time (${cadence.calendar})`;
}

/** How long a certificate lasts: `in 12 days`, `today`, `expired 3 days ago`. */
export function describeDaysLeft(daysLeft: number): string {
  if (daysLeft < 0) return `expired ${-daysLeft === 1 ? "a day" : `${-daysLeft} days`} ago`;
  if (daysLeft === 0) return "within a day";
  return daysLeft === 1 ? "in a day" : `in ${daysLeft} days`;
}

/** Which traffic belongs to an interface, a line for each condition. */
export function listTrafficRules(traffic: InterfaceDetail["traffic"]): { name: string; values: readonly string[] }[] {
  const rules = [
    { name: "Sources", values: traffic.sources },
    { name: "Event types", values: traffic.types },
    { name: "Services", values: traffic.services },
    { name: "Peers", values: traffic.peers },
    { name: "Routes", values: traffic.routes },
  ];
  return rules.flatMap(({ name, values }) => (values === undefined ? [] : [{ name, values }]));
}
