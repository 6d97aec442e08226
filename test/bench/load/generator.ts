import { createEventBody, createRandom } from "./business-events.ts";
import { type LoadOrder, loadOrder } from "./order.ts";
import { sendLoad } from "./sender.ts";
import { createSpanBody } from "./spans.ts";

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
