import { readFileSync } from "node:fs";
import { AppError } from "@throughline/schemas/error";
import { Client, type ClientConfig } from "pg";
import { readSecret } from "../config/read-secret.ts";

const CONNECT_TIMEOUT_MS = 15_000;
const QUERY_TIMEOUT_MS = 120_000;

export interface PostgresServer {
  url: string;
  user?: string | undefined;
  passwordFile?: string | undefined;
  tls: boolean;
  caFile?: string | undefined;
}

/** Values as the server writes them: what JavaScript makes of them loses digits and microseconds. */
export function toText(value: string): string {
  return value;
}

/** How to connect. Times are written in UTC. */
export function toClientConfig({ url, user, passwordFile, tls, caFile }: PostgresServer): ClientConfig {
  const { hostname, port, pathname } = new URL(url);
  return {
    host: hostname,
    ...(port !== "" && { port: Number(port) }),
    database: decodeURIComponent(pathname.slice(1)),
    ...(user !== undefined && { user }),
    ...(passwordFile !== undefined && { password: readSecret(passwordFile) }),
    ssl: tls ? { rejectUnauthorized: true, ...(caFile !== undefined && { ca: readFileSync(caFile, "utf8") }) } : false,
    application_name: "throughline-collector",
    options: "-c timezone=UTC -c datestyle=ISO",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser: () => toText },
  };
}

/** A connection that only reads. `onLost` is told when it is gone. */
export async function connectToRead(server: PostgresServer, onLost: (error: Error) => void): Promise<Client> {
  const client = new Client({ ...toClientConfig(server), query_timeout: QUERY_TIMEOUT_MS });
  client.on("error", onLost);
  client.on("end", () => onLost(new Error("The connection ended")));
  await client.connect();
  await client.query("SET default_transaction_read_only = on");
  return client;
}

/** By SQLSTATE. */
const REASONS: Readonly<Record<string, string>> = {
  "28000": "the server refuses the login",
  "28P01": "the server refuses the login",
  "3D000": "the server has no such database",
  "42501": "the user may not do this",
  "42601": "the query is no SQL",
  "42703": "the query names a column that is not there",
  "42704": "the server has no such publication",
  "42P01": "the query names a table that is not there",
  "55000": "the slot lost a part of the log, or is of another kind",
  "55006": "another reads the slot",
};

/** What a person can do something about, in words. */
export function explain(error: unknown): unknown {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const reason = REASONS[code];
  return reason === undefined ? error : new AppError("unavailable", reason, { cause: error });
}
