import { ADMINISTRATOR } from "@throughline/schemas/access";
import { startGateway } from "@throughline/collector/gateway/gateway";
import { pino } from "pino";
import { z } from "zod";

const credentials = z.object({ username: z.string(), password: z.string() });

/** What a gateway that runs as a process of its own is told over its channel. */
export const gatewayOrder = z.object({
  directory: z.string(),
  port: z.number(),
  key: z.string(),
  connection: z.object({ url: z.string(), database: z.string(), writer: credentials, reader: credentials }),
  logBytes: z.number().optional(),
});

export const gatewayReady = z.object({ url: z.string(), port: z.number(), log: z.string() });

export type GatewayOrder = z.infer<typeof gatewayOrder>;
export type GatewayReady = z.infer<typeof gatewayReady>;

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

if (process.send) process.once("message", (message) => void run(message));
