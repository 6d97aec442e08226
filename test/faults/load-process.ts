import { Agent, request as httpRequest } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type LoadOrder, type LoadReport, loadOrder } from "./load-order.ts";
import { toEventsBody, toSpansBody } from "./load-bodies.ts";

const SPANS_EVERY = 4;
const PAUSE_MS = 20;
const TIMEOUT_MS = 5000;

/** Sends without pause until it is told to stop; each entry once, under a number of its own, whatever becomes of it. */
async function run(order: LoadOrder) {
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections });
  const report: LoadReport = { events: [], spans: [], unanswered: 0 };
  let next = 1;
  let requests = 0;
  const stopping = new AbortController();
  const sendOver = async () => {
    while (!stopping.signal.aborted) {
      const isSpans = requests++ % SPANS_EVERY === SPANS_EVERY - 1;
      const sent = { first: next, count: order.batch };
      next += order.batch;
      const status = await post(agent, order, isSpans ? toSpansBody(sent) : toEventsBody(sent));
      if (status === 200 || status === 202) report[isSpans ? "spans" : "events"].push(sent);
      else {
        report.unanswered++;
        await delay(PAUSE_MS);
      }
    }
  };
  process.once("message", () => stopping.abort());
  await Promise.all(Array.from({ length: order.connections }, sendOver));
  agent.destroy();
  process.send?.(report);
}

function post(
  agent: Agent,
  order: { url: string; key: string },
  sent: { path: string; body: string },
): Promise<number> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${order.key}`, "content-type": "application/json" };
    const request = httpRequest(
      `${order.url}${sent.path}`,
      { agent, method: "POST", headers, timeout: TIMEOUT_MS },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.complete ? (response.statusCode ?? 0) : 0));
        response.once("error", () => resolve(0));
      },
    );
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(0));
    request.end(sent.body);
  });
}

process.once("disconnect", () => process.exit(0));
process.once("message", (message) => void run(loadOrder.parse(message)));
