import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { InterfaceDefinition } from "@throughline/schemas/pack/interface";
import type { TimeRange } from "../contract/figure.ts";
import type {
  ApiUse,
  Certificate,
  InterfaceDetail,
  InterfaceSummary,
  SeenVersion,
  TrafficHour,
} from "../contract/interface.ts";
import { toHref } from "../http/href.ts";
import type { TrafficHours } from "../queries/list-traffic-hours.ts";
import type { Evidence } from "./evidence.ts";
import { findFindings } from "./find-findings.ts";
import { judgeCadence } from "./judge-cadence.ts";
import { listCurrentCertificates } from "./list-current-certificates.ts";
import { listVersions } from "./list-versions.ts";
import { sumCalls, toApiUse } from "./sum-calls.ts";

export interface InterfaceClock {
  now: number;
  workingTimes: ReadonlyMap<string, WorkingTime>;
}

/** What is seen of one interface; `evidence` is its own. */
export interface InterfaceView {
  summary: InterfaceSummary;
  versions: SeenVersion[];
  use: ApiUse[];
  certificates: Certificate[];
}

/** Most rows of API use that a detail holds; the list of them has all. */
const SHOWN_USE = 100;

export function describeInterface(
  definition: InterfaceDefinition,
  evidence: Evidence,
  { clock, isPartial, asOf }: { clock: InterfaceClock; isPartial: boolean; asOf?: string | undefined },
): InterfaceView {
  const { now } = clock;
  const use = toApiUse(evidence.calls);
  const versions = listVersions(definition, evidence);
  const certificates = listCurrentCertificates(evidence.certificates, now);
  const cadence = judgeCadence(definition.cadence, findLastTraffic(evidence), clock);
  const events = evidence.events.reduce((sum, row) => sum + row.events, 0);
  const sums = sumCalls(use);
  const seen = { cadence, versions, use, certificates };
  const { id, title, systems, protocol, contract, owner, approver, criticality, latencyClass } = definition;
  return {
    summary: {
      id,
      title,
      systems,
      protocol,
      contract,
      owner,
      approver,
      criticality,
      latencyClass,
      cadence,
      events,
      ...sums,
      findings: findFindings(definition, seen, now),
      isPartial,
      href: toHref(`/interfaces/${encodeURIComponent(id)}`, { asOf }),
    },
    versions,
    use,
    certificates,
  };
}

export function toDetail(
  definition: InterfaceDefinition,
  view: InterfaceView,
  { hours, range, now }: { hours: TrafficHours; range: TimeRange; now: number },
): InterfaceDetail {
  const { traffic, rateLimitReservePercent, fallback, changes } = definition;
  return {
    ...view.summary,
    range,
    traffic,
    rateLimitReservePercent,
    fallback,
    changes: changes.map((change) => toChange(change, now)),
    versions: view.versions,
    use: view.use.slice(0, SHOWN_USE),
    hours: toHours(hours),
    certificates: view.certificates,
  };
}

function findLastTraffic(evidence: Evidence): number | undefined {
  const times = [...evidence.events, ...evidence.spanVersions].map(({ last_seen }) => Date.parse(last_seen));
  return times.length === 0 ? undefined : times.reduce((latest, time) => Math.max(latest, time));
}

function toChange(change: InterfaceDefinition["changes"][number], now: number): InterfaceDetail["changes"][number] {
  const { title, from, until, version, approvedBy } = change;
  const timed = now < Date.parse(from) ? "planned" : now < Date.parse(until) ? "running" : "over";
  return {
    title,
    from,
    until,
    version: version ?? null,
    approvedBy: approvedBy ?? null,
    state: approvedBy === undefined ? "proposed" : timed,
  };
}

function toHours({ events, calls }: TrafficHours): TrafficHour[] {
  const hours = new Map<string, TrafficHour>();
  const empty = { events: 0, calls: 0, failed: 0, refused: 0, throttled: 0, leastHeadroomPercent: null };
  for (const { at, events: count } of events) hours.set(at, { at, ...empty, events: count });
  for (const { at, headroom, ...counts } of calls)
    hours.set(at, {
      at,
      events: hours.get(at)?.events ?? 0,
      ...counts,
      leastHeadroomPercent: headroom === null ? null : headroom / 10,
    });
  return [...hours.values()].toSorted((a, b) => (a.at < b.at ? -1 : 1));
}
