import type { EventLog } from "../log/event-log.ts";
import type { GatewayMetrics } from "../metrics.ts";
import type { WriteProgress } from "../write-progress.ts";
import { type Reply, toJsonReply } from "./reply.ts";

/**
 * The pages that say how the gateway is. `/healthz`: it runs. `/readyz`: it can take in; a store that is away does not make it
 * unready, since the log keeps what comes, but is named. `/metrics`: figures in the Prometheus text format.
 */
export function createHealthPages(parts: { log: EventLog; metrics: GatewayMetrics; progress: WriteProgress }) {
  const { log, metrics, progress } = parts;
  const readMetrics = async (): Promise<Reply> => ({
    status: 200,
    headers: { "content-type": metrics.registry.contentType },
    body: await metrics.registry.metrics(),
  });
  const readReadiness = async (): Promise<Reply> => {
    const state = log.state();
    const isReady = !state.isFull && state.failure === undefined;
    return toJsonReply(isReady ? 200 : 503, {
      ready: isReady,
      log: state.failure ?? (state.isFull ? "full" : "ok"),
      store: progress.trouble() ?? "ok",
      oldestUnwrittenSeconds: Math.round(progress.oldestUnwrittenSeconds() * 10) / 10,
    });
  };
  return new Map<string, () => Promise<Reply>>([
    ["/healthz", async () => toJsonReply(200, { ok: true })],
    ["/readyz", readReadiness],
    ["/metrics", readMetrics],
  ]);
}
