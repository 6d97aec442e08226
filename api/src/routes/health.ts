import type { ApiDeps } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";

/**
 * Whether this process runs, and whether it can answer: for load balancers and supervisors, without a key. What the
 * dead-man is told is shown beside it and decides nothing: who is not told outside can still be answered here.
 */
export function addHealthRoutes(app: ApiApp, { reader, deadMan }: Pick<ApiDeps, "reader" | "deadMan">) {
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const isReady = await reader.isAnswering();
    const state = deadMan();
    const told = state && { deadMan: { isSending: state.problem === undefined, lastSentAt: toText(state.lastSentAt) } };
    if (isReady) return c.json({ status: "ok", ...told });
    return c.json({ status: "store away", ...told }, 503, { "retry-after": "5" });
  });
}

function toText(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
