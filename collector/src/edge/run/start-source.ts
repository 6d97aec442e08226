import type { EdgeSource, SourceOf } from "../config/edge-source.ts";
import { readSecret } from "../config/read-secret.ts";
import { listenMllp } from "../sources/listen-mllp.ts";
import { pollHttp } from "../sources/poll-http.ts";
import { receiveWebhooks } from "../sources/receive-webhooks.ts";
import { tailLog } from "../sources/tail-log.ts";
import type { RunningSource, SourceParts } from "../sources/source.ts";
import { watchDirectory } from "../sources/watch-directory.ts";

type Kinds = { [K in EdgeSource["kind"]]: SourceOf<K> };
type Start<C> = (config: C, parts: SourceParts) => RunningSource | Promise<RunningSource>;

const STARTS: { [K in keyof Kinds]: Start<Kinds[K]> } = {
  directory: watchDirectory,
  "http-poll": pollHttp,
  log: tailLog,
  mllp: listenMllp,
  webhook: receiveWebhooks,
  // Its library is loaded by edges that need it only.
  amqp: async (config, parts) => (await import("../sources/read-amqp.ts")).readAmqp(config, parts),
  postgres: async (config, parts) => (await import("../sources/poll-postgres.ts")).pollPostgres(config, parts),
  "postgres-replication": async (config, parts) =>
    (await import("../sources/read-replication.ts")).readReplication(config, parts),
  sftp: async (config, parts) => (await import("../sources/read-sftp.ts")).readSftp(config, parts),
  kafka: async (config, parts) => (await import("../sources/read-kafka.ts")).readKafka(config, parts),
  nats: async (config, parts) => (await import("../sources/read-nats.ts")).readNats(config, parts),
};

/** Starts what reads a kind of source. Throws what keeps it from starting. */
export async function startSource(from: EdgeSource, parts: SourceParts): Promise<RunningSource> {
  // It is read again for every connection, so that it may change; one that cannot be read is refused before.
  if ("passwordFile" in from && from.passwordFile !== undefined) readSecret(from.passwordFile);
  return start(from.kind, from, parts);
}

function start<K extends keyof Kinds>(kind: K, config: Kinds[K], parts: SourceParts) {
  return STARTS[kind](config, parts);
}
