import { z } from "zod";
import { amqpSource } from "./amqp-source.ts";
import { natsSource } from "./nats-source.ts";
import { directorySource } from "./directory-source.ts";
import { logSource } from "./log-source.ts";
import { mllpSource } from "./mllp-source.ts";
import { pollSource } from "./poll-source.ts";
import { postgresSource } from "./postgres-source.ts";
import { postgresReplicationSource } from "./postgres-replication-source.ts";
import { sftpSource } from "./sftp-source.ts";
import { kafkaSource } from "./kafka-source.ts";
import { webhookSource } from "./webhook-source.ts";

/** Where an interface reads: one schema a kind, each in a file of its own. */
export const edgeSource = z.discriminatedUnion("kind", [
  amqpSource,
  directorySource,
  logSource,
  mllpSource,
  natsSource,
  pollSource,
  postgresSource,
  postgresReplicationSource,
  sftpSource,
  kafkaSource,
  webhookSource,
]);

export type EdgeSource = z.infer<typeof edgeSource>;
export type SourceOf<K extends EdgeSource["kind"]> = Extract<EdgeSource, { kind: K }>;

/** Which settings of a kind are paths. */
const PATHS: Record<EdgeSource["kind"], readonly string[]> = {
  directory: ["path", "archive"],
  "http-poll": ["headersFile"],
  log: ["path"],
  mllp: [],
  postgres: ["passwordFile", "caFile"],
  "postgres-replication": ["passwordFile", "caFile"],
  sftp: ["keyFile", "passwordFile"],
  kafka: ["passwordFile", "caFile"],
  webhook: ["secretFile"],
  amqp: ["passwordFile", "caFile"],
  nats: ["passwordFile", "credentialsFile", "caFile"],
};

/** A source whose paths `toAbsolute` has changed. */
export function withPaths(from: EdgeSource, toAbsolute: (path: string) => string): EdgeSource {
  const paths = Object.entries(from).flatMap(([name, value]) =>
    PATHS[from.kind].includes(name) && typeof value === "string" ? [[name, toAbsolute(value)]] : [],
  );
  return edgeSource.parse({ ...from, ...Object.fromEntries(paths) });
}
