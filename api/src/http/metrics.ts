import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Figures of this process, for Prometheus. */
export interface Metrics {
  registry: Registry;
  /** Counts each request and its time by route, never by path, so that the number of series is bounded. */
  measure: MiddlewareHandler;
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics({ streams, exports }: { streams: () => number; exports: () => number }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: "throughline_api_request_seconds",
    help: "Time to answer a request.",
    labelNames: ["method", "route", "status"],
    buckets: BUCKETS,
    registers,
  });
  const errors = new Counter({
    name: "throughline_api_errors_total",
    help: "Requests answered with a status of 500 or more.",
    labelNames: ["route"],
    registers,
  });
  const collectFrom = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  collectFrom("throughline_api_streams", "Open event streams.", streams);
  collectFrom("throughline_api_exports", "Lists being exported.", exports);
  return {
    registry,
    measure: async (c, next) => {
      const startedAt = performance.now();
      await next();
      const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith("*"))?.path ?? "other";
      const { status } = c.res;
      seconds.observe({ method: c.req.method, route, status: String(status) }, (performance.now() - startedAt) / 1000);
      if (status >= 500) errors.inc({ route });
    },
  };
}

/**
 * Adds how far each projector is behind, in seconds: how long the oldest batch waits that it has not finished. A store that does
 * not answer leaves the figures out rather than showing the last ones.
 */
export function addLagMetrics<Projector extends string>(
  registry: Registry,
  projectors: readonly Projector[],
  findLagMs: (projector: Projector) => Promise<number>,
) {
  const lag = new Gauge({
    name: "throughline_projection_lag_seconds",
    help: "How long the oldest batch has waited that a projector has not finished.",
    labelNames: ["projector"],
    registers: [],
    async collect() {
      const lags = await Promise.allSettled(projectors.map(findLagMs));
      this.reset();
      for (const [index, found] of lags.entries())
        if (found.status === "fulfilled") this.set({ projector: projectors[index] ?? "" }, found.value / 1000);
    },
  });
  registry.registerMetric(lag);
}
