import { Agent, request as httpRequest } from "node:http";

/** What a run of requests came to. */
export interface LoadResult {
  accepted: number;
  requests: number;
  /** Requests that were not taken, by status; 0 stands for a broken connection. */
  refused: Record<string, number>;
  seconds: number;
  bytes: number;
  /** Time to the acknowledgement in milliseconds. */
  latency: { p50: number; p99: number; max: number };
}

export interface LoadPlan {
  url: string;
  headers: Record<string, string>;
  connections: number;
  seconds: number;
  /** At most so many entries a second; as fast as they are taken unless it is given. */
  perSecond?: number;
  /** The next body of a connection; the same buffer may come again. */
  next: (connection: number) => { bytes: Buffer; count: number };
}

const PAUSE_MS = 50;

/** Sends over several connections, each waiting for its answer, until the time is over. */
export async function sendLoad(plan: LoadPlan): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections });
  const startedAt = performance.now();
  const endsAt = startedAt + plan.seconds * 1000;
  const result: LoadResult = {
    accepted: 0,
    requests: 0,
    refused: {},
    seconds: 0,
    bytes: 0,
    latency: { p50: 0, p99: 0, max: 0 },
  };
  const latencies: number[] = [];
  let sent = 0;
  const sendOver = async (connection: number) => {
    while (performance.now() < endsAt) {
      if (plan.perSecond !== undefined && sent > ((performance.now() - startedAt) / 1000) * plan.perSecond) {
        await pause(5);
        continue;
      }
      const { bytes, count } = plan.next(connection);
      sent += count;
      const sentAt = performance.now();
      const status = await post(agent, plan, bytes);
      result.requests++;
      if (status === 200 || status === 202) {
        result.accepted += count;
        result.bytes += bytes.length;
        latencies.push(performance.now() - sentAt);
      } else {
        result.refused[status] = (result.refused[status] ?? 0) + 1;
        await pause(PAUSE_MS);
      }
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, (_, connection) => sendOver(connection)));
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    ...result,
    seconds: (performance.now() - startedAt) / 1000,
    latency: { p50: at(0.5), p99: at(0.99), max: at(1) },
  };
}

function post(agent: Agent, { url, headers }: LoadPlan, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const options = { agent, method: "POST", headers: { ...headers, "content-length": body.length } };
    const request = httpRequest(url, options, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
      response.once("error", () => resolve(0));
    });
    request.once("error", () => resolve(0));
    request.end(body);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
