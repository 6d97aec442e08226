import { REDACTION_COUNTS } from "@throughline/schemas/way-back/redaction-counts";
import { Gauge, Registry } from "prom-client";
import type { EdgeStatus } from "./edge-status.ts";

/** What an edge counts, for Prometheus: names of interfaces and figures, never anything that a document says. */
export async function renderEdgeMetrics(status: EdgeStatus): Promise<string> {
  const registry = new Registry();
  const set = (name: string, help: string, value: number) =>
    new Gauge({ name: `throughline_edge_${name}`, help, registers: [registry] }).set(value);
  set("spool_waiting_events", "Events that wait for the gateway.", status.spool.waitingEntries);
  set("spool_bytes", "Bytes of the spool on disk.", status.spool.sizeBytes);
  set("spool_max_bytes", "The bound of the spool.", status.spool.maxBytes);
  set("forwarded_events", "Events that the gateway took since the start.", status.forward.forwarded);
  set("refused_events", "Events that the gateway refused since the start; they are kept here.", status.forward.refused);
  set("forward_failures", "Requests to the gateway that failed in a row.", status.forward.failures);
  set("kept_entries", "Documents and events that wait here for a person.", status.kept);
  set("waiting_documents", "Documents that wait here for crosswalks.", status.waiting.documents);
  set("way_back_version", "What the tower said last that is in force here.", status.wayBack?.version ?? 0);
  for (const name of ["documents", "events", "findings", "tests", "unmapped"] as const) {
    const help = `Of each interface, since the start or its last change: ${name}.`;
    const gauge = new Gauge({
      name: `throughline_edge_interface_${name}`,
      help,
      labelNames: ["interface"],
      registers: [registry],
    });
    for (const each of status.interfaces) gauge.set({ interface: each.id }, each.counts[name]);
  }
  const redacted = new Gauge({
    name: "throughline_edge_interface_redacted_fields",
    help: "Of each interface, since the start or its last change: fields that were left out, by class, or changed.",
    labelNames: ["interface", "class"],
    registers: [registry],
  });
  for (const each of status.interfaces)
    for (const name of REDACTION_COUNTS) redacted.set({ interface: each.id, class: name }, each.redacted[name]);
  const failing = new Gauge({
    name: "throughline_edge_interface_failing",
    help: "1 while an interface cannot read.",
    labelNames: ["interface"],
    registers: [registry],
  });
  for (const { id, failure } of status.interfaces) failing.set({ interface: id }, failure === undefined ? 0 : 1);
  return registry.metrics();
}
