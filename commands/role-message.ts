import { z } from "zod";

export const ROLES = ["gateway", "projector", "reconciler", "api"] as const;
export type RoleName = (typeof ROLES)[number];

const credentials = z.object({ username: z.string(), password: z.string() });

/** What the supervisor hands a role's process over its channel, so that no secret stands on a command line. */
export const roleOrder = z.object({
  role: z.enum(ROLES),
  connection: z.object({ url: z.string(), database: z.string(), writer: credentials, reader: credentials }),
  dataDirectory: z.string(),
  configDirectory: z.string(),
  host: z.string(),
  apiPort: z.number(),
  gatewayPort: z.number(),
  deadMan: z.object({ url: z.string(), method: z.enum(["GET", "POST"]), intervalMs: z.number() }).optional(),
  gatewayUrl: z.string(),
  outgoingAllow: z.array(z.string()).readonly(),
  patientFormats: z.array(z.enum(["hl7v2", "fhir"])).readonly(),
  hooksFile: z.string().optional(),
  hasReconciler: z.boolean(),
  version: z.string(),
  clockAllowanceMs: z.number(),
  administratorToken: z.string().optional(),
  logLevel: z.string(),
});
export type RoleOrder = z.infer<typeof roleOrder>;

/** What a role's process says when it is ready. */
export const roleReady = z.object({
  ready: z.literal(true),
  url: z.string().optional(),
  signInUrl: z.string().optional(),
});
export type RoleReady = z.infer<typeof roleReady>;
