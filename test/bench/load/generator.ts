import { z } from "zod";
import { createEventBody, createRandom } from "./business-events.ts";
import { sendLoad } from "./sender.ts";
import { createSpanBody } from "./spans.ts";

/** What the load generator, a process of its own, is told. */
export const loadOrder = z.object({
  kind: z.enum(["events", "spans"]),
  url: z.string(),
  key: z.string(),
  seconds: z.number(),
  connections: z.number(),
  /** Entries in a request. */
  batch: z.number(),
  perSecond: z.number().optional(),
  seed: z.number(),
  /** Number of the first event in the stream of business events. */
  first: z.number(),
});

export type LoadOrder = z.infer<typeof loadOrder>;

export const loadResult = z.object({
  accepted: z.number(),
  requests: z.number(),
  refused: z.record(z.string(), z.number()),
  seconds: z.number(),
  bytes: z.number(),
  latency: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  next: z.number(),
});

/** Runs an order: events are JSON batches, spans are OTLP protobuf. */
async function run(order: LoadOrder) {
  const random = createRandom(order.seed);
  const build = order.kind === "events" ? createEventBody : createSpanBody;
  const bodies = Array.from({ length: order.connections }, () => build(order.batch, random));
  let next = order.first;
  const result = await sendLoad({
    url: `${order.url}/v1/${order.kind === "events" ? "events" : "traces"}`,
    headers: {
      authorization: `Bearer ${order.key}`,
      "content-type": order.kind === "events" ? "application/cloudevents-batch+json" : "application/x-protobuf",
    },
    connections: order.connections,
    seconds: order.seconds,
    ...(order.perSecond !== undefined && { perSecond: order.perSecond }),
    next: (connection) => {
      const body = bodies[connection];
      if (!body) throw new Error("A connection has no body");
      body.renew(next, new Date());
      next += body.count;
      return body;
    },
  });
  process.send?.({ ...result, next });
}

process.on("message", (message) => void run(loadOrder.parse(message)));
process.once("disconnect", () => process.exit(0));
