import { once } from "node:events";
import { type ServerResponse, createServer } from "node:http";
import type { EdgeStatus } from "./edge-status.ts";

/** Serves `/status`, `/healthz` and `/metrics`. 503 on `/healthz` while something is wrong. Port 0 takes a free one. */
export async function serveStatus(
  { host, port }: { host: string; port: number },
  read: () => EdgeStatus,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method !== "GET") return send(response, { status: 405, type: "text/plain", body: "GET only\n" });
    const status = read();
    const isWell = status.problems.length === 0;
    if (request.url === "/healthz")
      return send(response, {
        status: isWell ? 200 : 503,
        type: "application/json",
        body: JSON.stringify({ status: isWell ? "ok" : "degraded", problems: status.problems }),
      });
    if (request.url === "/status")
      return send(response, { status: 200, type: "application/json", body: JSON.stringify(status) });
    if (request.url !== "/metrics") return send(response, { status: 404, type: "text/plain", body: "Not found\n" });
    renderMetrics(status).then(
      (body) => send(response, { status: 200, type: "text/plain; version=0.0.4", body }),
      () => send(response, { status: 500, type: "text/plain", body: "Failed\n" }),
    );
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host}:${bound}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

/** What writes them is loaded by edges that are asked for them only. */
async function renderMetrics(status: EdgeStatus): Promise<string> {
  const { renderEdgeMetrics } = await import("./edge-metrics.ts");
  return renderEdgeMetrics(status);
}

function send(response: ServerResponse, { status, type, body }: { status: number; type: string; body: string }): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}
