import { ADMINISTRATOR } from "@throughline/schemas/access";
import { startGateway } from "@throughline/collector/gateway/gateway";
import { pino } from "pino";
import { gatewayOrder } from "./gateway-order.ts";

/** Starts the gateway when it is told how, says where it listens, and ends with its parent. */
async function run(message: unknown) {
  const { key, logBytes, ...order } = gatewayOrder.parse(message);
  const gateway = await startGateway({
    ...order,
    host: "127.0.0.1",
    authenticate: async (bearer) => (bearer === key ? ADMINISTRATOR : undefined),
    logger: pino({ level: "error" }, pino.destination(2)),
    ...(logBytes !== undefined && { limits: { logBytes } }),
  });
  process.once("disconnect", () => process.exit(0));
  process.on("message", () => void gateway.stop().then(() => process.exit(0)));
  process.send?.({ url: gateway.url, port: gateway.port, log: gateway.log });
}

process.once("message", (message) => void run(message));
