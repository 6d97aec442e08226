import { join, resolve } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { toIssues } from "@throughline/schemas/event-validator";
import { parseAllowedAddresses } from "@throughline/schemas/outgoing/vet-address";
import type { StoreConnection } from "@throughline/schemas/clickhouse/store";
import { z } from "zod";

const GIBIBYTE = 1_073_741_824;
const port = z.coerce.number().int().min(1).max(65_535);

const webAddress = z
  .url({ protocol: /^https?$/, error: "must be an address that begins with https:// or http://" })
  .refine(hasNoCredentials, "must not hold a user name or password");

/** The environment that the commands read, with its defaults. */
const environment = z.object({
  THROUGHLINE_DATA: z.string().default("./data"),
  THROUGHLINE_CONFIG: z.string().default(join(import.meta.dirname, "../config")),
  THROUGHLINE_HOST: z.string().default("127.0.0.1"),
  THROUGHLINE_API_PORT: port.default(4180),
  THROUGHLINE_GATEWAY_PORT: port.default(4318),
  THROUGHLINE_CLOCK_ALLOWANCE: z.coerce.number().min(0).max(86_400).default(600).meta({ description: "Seconds" }),
  THROUGHLINE_ENGINE_MEMORY: z.coerce.number().min(1).max(1024).default(4).meta({ description: "GiB" }),
  THROUGHLINE_ADMIN_TOKEN: z.string().min(32, "must have 32 characters or more").optional(),
  THROUGHLINE_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
  THROUGHLINE_DATABASE: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, "must be a lower-case name")
    .default("throughline"),
  THROUGHLINE_DEADMAN_URL: webAddress.optional(),
  THROUGHLINE_DEADMAN_METHOD: z.enum(["GET", "POST"]).default("POST"),
  THROUGHLINE_DEADMAN_INTERVAL: z.coerce
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(60)
    .meta({ description: "seconds" }),
  THROUGHLINE_GATEWAY_URL: webAddress.optional(),
  THROUGHLINE_OUTGOING_ALLOW: z.string().default("").meta({ description: "addresses and networks, by commas" }),
  THROUGHLINE_PATIENT_FORMATS: z
    .string()
    .regex(/^(hl7v2|fhir)?(,(hl7v2|fhir))*$/, "must be hl7v2, fhir, or both by a comma")
    .default(""),
  THROUGHLINE_HOOKS: z.string().optional(),
  THROUGHLINE_RECONCILER: z.enum(["on", "off"], { error: "must be on or off" }).default("on"),
  CLICKHOUSE_URL: z.url().optional(),
  CLICKHOUSE_USER: z.string().default("default"),
  CLICKHOUSE_PASSWORD: z.string().default(""),
  CLICKHOUSE_READER_USER: z.string().optional(),
  CLICKHOUSE_READER_PASSWORD: z.string().default(""),
});

/** Everything that was configured, read once and passed down. Paths are absolute. */
export interface Settings {
  dataDirectory: string;
  configDirectory: string;
  host: string;
  apiPort: number;
  gatewayPort: number;
  /** How far the time of an event may lie ahead of this clock. */
  clockAllowanceMs: number;
  engineMemoryBytes: number;
  administratorToken: string | undefined;
  logLevel: string;
  database: string;
  /** Who is told from outside that the tower is well; none: nobody. */
  deadMan: { url: string; method: "GET" | "POST"; intervalMs: number } | undefined;
  /** Where the gateway answers, for whoever looks after it. */
  gatewayUrl: string;
  /** What outgoing requests may reach besides public addresses. */
  outgoingAllow: readonly string[];
  /** Formats with patient data that the gateway takes. */
  patientFormats: readonly ("hl7v2" | "fhir")[];
  /** Which webhooks of others the gateway takes; undefined: none. */
  hooksFile: string | undefined;
  /** Whether matches and reconciliations are kept, by a process of their own. */
  hasReconciler: boolean;
  /** A ClickHouse server; none: the local engine is started. */
  server: StoreConnection | undefined;
}

/** Reads the settings. Empty variables count as not set. Throws `invalid_configuration` and names each wrong one. */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issues = toIssues(parsed.error).map(({ path, message }) => ({ path: path.slice(1), message }));
    const list = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
    throw new AppError("invalid_configuration", `The environment is wrong. ${list}`, { issues });
  }
  const values = parsed.data;
  return {
    dataDirectory: resolve(values.THROUGHLINE_DATA),
    configDirectory: resolve(values.THROUGHLINE_CONFIG),
    host: values.THROUGHLINE_HOST,
    apiPort: values.THROUGHLINE_API_PORT,
    gatewayPort: values.THROUGHLINE_GATEWAY_PORT,
    clockAllowanceMs: Math.round(values.THROUGHLINE_CLOCK_ALLOWANCE * 1000),
    engineMemoryBytes: Math.round(values.THROUGHLINE_ENGINE_MEMORY * GIBIBYTE),
    administratorToken: values.THROUGHLINE_ADMIN_TOKEN,
    logLevel: values.THROUGHLINE_LOG_LEVEL,
    database: values.THROUGHLINE_DATABASE,
    deadMan: toDeadMan(values),
    gatewayUrl: (values.THROUGHLINE_GATEWAY_URL ?? toLocalUrl(values)).replace(/\/+$/, ""),
    outgoingAllow: toAllowed(values.THROUGHLINE_OUTGOING_ALLOW),
    patientFormats: (["hl7v2", "fhir"] as const).filter((format) =>
      values.THROUGHLINE_PATIENT_FORMATS.split(",").includes(format),
    ),
    hooksFile: values.THROUGHLINE_HOOKS === undefined ? undefined : resolve(values.THROUGHLINE_HOOKS),
    hasReconciler: values.THROUGHLINE_RECONCILER === "on",
    server: toServer(values),
  };
}

function hasNoCredentials(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { username, password } = new URL(address);
  return username === "" && password === "";
}

type Values = z.infer<typeof environment>;

function toDeadMan(values: Values): Settings["deadMan"] {
  const url = values.THROUGHLINE_DEADMAN_URL;
  if (url === undefined) return undefined;
  return {
    url,
    method: values.THROUGHLINE_DEADMAN_METHOD,
    intervalMs: values.THROUGHLINE_DEADMAN_INTERVAL * 1000,
  };
}

/** The gateway of this machine; one that listens on every address is asked on its loopback. */
function toLocalUrl({ THROUGHLINE_HOST: host, THROUGHLINE_GATEWAY_PORT: gatewayPort }: Values): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${gatewayPort}`;
}

/** The entries of a list by commas, each of which must be an address or a network. */
function toAllowed(list: string): string[] {
  const entries = list.split(",").flatMap((entry) => entry.trim() || []);
  parseAllowedAddresses(entries);
  return entries;
}

function toServer(values: z.infer<typeof environment>): StoreConnection | undefined {
  if (values.CLICKHOUSE_URL === undefined) return undefined;
  if (values.CLICKHOUSE_READER_USER === undefined)
    throw new AppError(
      "invalid_configuration",
      "CLICKHOUSE_URL needs CLICKHOUSE_READER_USER too: a second user that may only read, from whom the rows of other sites are kept.",
    );
  return {
    url: values.CLICKHOUSE_URL,
    database: values.THROUGHLINE_DATABASE,
    writer: { username: values.CLICKHOUSE_USER, password: values.CLICKHOUSE_PASSWORD },
    reader: { username: values.CLICKHOUSE_READER_USER, password: values.CLICKHOUSE_READER_PASSWORD },
  };
}
