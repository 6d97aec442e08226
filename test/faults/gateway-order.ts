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
