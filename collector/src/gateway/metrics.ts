import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What the gateway counts and measures. */
export type GatewayMetrics = ReturnType<typeof createGatewayMetrics>;

/** Values that are read when they are asked for. */
export interface GatewayGauges {
  logBytes: () => number;
  waitingBytes: () => number;
  oldestUnwrittenSeconds: () => number;
}

const SYNC_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export function createGatewayMetrics(gauges: GatewayGauges) {
  const registry = new Registry();
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `throughline_gateway_${name}`, help, labelNames, registers: [registry] });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `throughline_gateway_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("log_bytes", "Bytes of the write-ahead log, on disk and on their way there.", gauges.logBytes);
  gauge("waiting_bytes", "Bytes of bodies and rows in memory that are not on disk yet.", gauges.waitingBytes);
  gauge(
    "oldest_unwritten_seconds",
    "Age of the oldest acknowledged rows that the store has not confirmed.",
    gauges.oldestUnwrittenSeconds,
  );
  return {
    registry,
    accepted: counter("accepted_total", "Events, spans and log records that were stored, repetitions included.", [
      "route",
    ]),
    quarantined: counter("quarantined_total", "Entries and bodies that were refused and kept.", ["route"]),
    responses: counter("responses_total", "Answers by status.", ["route", "status"]),
    refusedRequests: counter("refused_requests_total", "Requests that were refused as a whole, by code.", [
      "route",
      "code",
    ]),
    batches: counter("batches_total", "Batches that the store has confirmed.", []),
    rows: counter("written_rows_total", "Rows that the store has confirmed.", ["kind"]),
    insertFailures: counter("insert_failures_total", "Attempts to write that failed and were repeated.", ["passing"]),
    repairs: counter("repairs_total", "Batches whose rows the engine had noted but lost; they were stored again.", [
      "table",
    ]),
    syncSeconds: new Histogram({
      name: "throughline_gateway_sync_seconds",
      help: "Time that the log took to be on disk.",
      buckets: SYNC_BUCKETS,
      registers: [registry],
    }),
  };
}
