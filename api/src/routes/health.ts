import type { ApiDeps } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";

/** Whether this process runs, and whether it can answer: for load balancers and supervisors, without a key. */
export function addHealthRoutes(app: ApiApp, { reader }: Pick<ApiDeps, "reader">) {
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const isReady = await reader.isAnswering();
    if (isReady) return c.json({ status: "ok" });
    return c.json({ status: "store away" }, 503, { "retry-after": "5" });
  });
}
