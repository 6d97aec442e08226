import { HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { MINUTE } from "./demand.ts";
import { strikeOutage } from "./faults.ts";
import type { Simulation } from "./simulation.ts";
import { ERP, PHARMACY_DESK, PROCUREMENT_DESK } from "./sources.ts";

/** What is older than this has left its source, unless the source is down. */
const SETTLED = 2 * MINUTE;

/** Each source says now and then, every five minutes unless the trade has it otherwise, that it is alive and how far it is complete; one that is down says nothing. */
export function startHeartbeats(simulation: Simulation, now: number) {
  const { sites, suppliers } = simulation.catalogue;
  const sources = [
    ...sites.flatMap(({ id }) =>
      ["cabinet", "procurement", "receiving"].map((system) => [`/${system}/${id}`, id] as const),
    ),
    ...suppliers.map(({ id }) => [`/edi/${id}`, ""] as const),
    ...[ERP, PHARMACY_DESK, PROCUREMENT_DESK].map((source) => [source, ""] as const),
  ];
  const every = simulation.options.heartbeatEveryMs;
  sources.forEach(([source, site], index) => {
    const first = Math.ceil(now / every) * every + Math.round((index * every) / sources.length);
    simulation.schedule(first, (at) => beat(simulation, { source, site }, at));
    watchOutages(simulation, source, now);
  });
}

/** A source that joins later speaks from then on. */
export function startHeartbeat(simulation: Simulation, from: { source: string; site: string }, now: number) {
  beat(simulation, from, now);
  watchOutages(simulation, from.source, now);
}

function beat(simulation: Simulation, from: { source: string; site: string }, now: number) {
  simulation.schedule(now + simulation.options.heartbeatEveryMs, (at) => beat(simulation, from, at));
  const outages = simulation.outages(from.source);
  if (outages.find(now) !== undefined || outages.find(now - SETTLED) !== undefined) return;
  if (simulation.incident("collector-dead", from.source).find(now) !== undefined) return;
  const watermark = new Date(now - SETTLED).toISOString();
  const events = simulation.sources.get(from.source)?.sent ?? 0;
  simulation.send(now, { type: HEARTBEAT_TYPE, ...from, objects: [], attributes: { watermark, events } });
}

function watchOutages(simulation: Simulation, system: string, after: number) {
  const next = simulation.outages(system).findNext(after);
  if (next === undefined) return;
  simulation.schedule(next.start, () => {
    strikeOutage(simulation, { system, ...next });
    watchOutages(simulation, system, next.end);
  });
}
