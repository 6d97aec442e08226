import { readFileSync } from "node:fs";
import {
  type Admin,
  type Consumer,
  Kafka,
  type KafkaConfig,
  type KafkaMessage,
  type SASLOptions,
  logLevel,
} from "kafkajs";
import type { SourceOf } from "../config/edge-source.ts";
import { readSecret } from "../config/read-secret.ts";
import { type Session, keepConnected } from "./keep-connected.ts";
import type { RunningSource, SourceParts } from "./source.ts";
import { digest, toMessage } from "./to-message.ts";

const CONNECT_TIMEOUT_MS = 15_000;
const HEARTBEAT_MS = 3000;
const GROUP = 256;
const COMMIT = { autoCommitInterval: 1000, autoCommitThreshold: 100 };

/**
 * Takes the messages of a topic as a member of a consumer group, and commits an offset once what is before it is on disk. A message is
 * known by its topic, partition, offset and content, so that a topic that was made anew doubles nothing.
 */
export function readKafka(config: SourceOf<"kafka">, parts: SourceParts): RunningSource {
  return keepConnected(parts, async (session) => {
    const kafka = new Kafka(toOptions(config));
    const retry = { restartOnFailure: () => Promise.resolve(false) };
    const consumer = kafka.consumer({ groupId: config.group, allowAutoTopicCreation: false, retry });
    const admin = kafka.admin();
    const ended = Promise.withResolvers<never>();
    ended.promise.catch(() => undefined);
    const stop = () => ended.reject(new Error("stopped"));
    session.signal.addEventListener("abort", stop, { once: true });
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => ended.reject(error));
    try {
      await Promise.all([consumer.connect(), admin.connect()]);
      await consume({ consumer, admin, config, session });
      await ended.promise;
    } finally {
      session.signal.removeEventListener("abort", stop);
      await Promise.allSettled([consumer.disconnect(), admin.disconnect()]);
    }
  });
}

function toOptions({ brokers, user, passwordFile, mechanism, tls, caFile }: SourceOf<"kafka">): KafkaConfig {
  const password = passwordFile === undefined ? undefined : readSecret(passwordFile);
  const login = user === undefined || password === undefined ? undefined : { username: user, password };
  return {
    clientId: "throughline-collector",
    brokers,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    // The session says why it cannot read, without what a server says.
    logLevel: logLevel.NOTHING,
    ssl: tls ? (caFile === undefined ? true : { ca: [readFileSync(caFile, "utf8")] }) : false,
    ...(login !== undefined && { sasl: SASL[mechanism](login) }),
  };
}

type Login = Record<"username" | "password", string>;

const SASL: Record<SourceOf<"kafka">["mechanism"], (login: Login) => SASLOptions> = {
  plain: (login) => ({ mechanism: "plain", ...login }),
  "scram-sha-256": (login) => ({ mechanism: "scram-sha-256", ...login }),
  "scram-sha-512": (login) => ({ mechanism: "scram-sha-512", ...login }),
};

interface Reading {
  consumer: Consumer;
  admin: Admin;
  config: SourceOf<"kafka">;
  session: Session;
}

async function consume({ consumer, admin, config, session }: Reading): Promise<void> {
  const { topic, group } = config;
  /** The next offset of each partition. */
  const reached = new Map<number, bigint>();
  const advance = (partition: number, next: bigint) => {
    if (next > (reached.get(partition) ?? -1n)) reached.set(partition, next);
  };
  let assigned: readonly number[] = [];
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assigned = payload.memberAssignment[topic] ?? [];
    session.connected(async () => {
      const [ends, committed] = await Promise.all([
        admin.fetchTopicOffsets(topic),
        admin.fetchOffsets({ groupId: group, topics: [topic] }),
      ]);
      for (const { partition, offset } of committed.flatMap(({ partitions }) => partitions))
        advance(partition, BigInt(offset));
      const wanted = ends.filter(({ partition, low, high }) => assigned.includes(partition) && low !== high);
      return () => wanted.every(({ partition, high }) => (reached.get(partition) ?? -1n) >= BigInt(high));
    });
  });
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: true,
    ...COMMIT,
    eachBatchAutoResolve: false,
    eachBatch: async (payload) => {
      const { partition, messages } = payload.batch;
      for (let from = 0; from < messages.length; from += GROUP) {
        if (!payload.isRunning() || payload.isStale()) return;
        const several = messages.slice(from, from + GROUP);
        await takeGroup(several, { topic, partition, session, heartbeat: () => payload.heartbeat() });
        const last = several.at(-1)?.offset ?? "0";
        payload.resolveOffset(last);
        advance(partition, BigInt(last) + 1n);
        await payload.commitOffsetsIfNecessary();
        await payload.heartbeat();
      }
    },
  });
}

/** Messages that follow each other, written together. */
async function takeGroup(
  group: readonly KafkaMessage[],
  own: { topic: string; partition: number; session: Session; heartbeat: () => Promise<void> },
): Promise<void> {
  const { topic, partition, session } = own;
  // While the disk takes nothing, the group would give the partition to nobody else.
  const waiting = setInterval(() => void own.heartbeat().catch(() => undefined), HEARTBEAT_MS);
  try {
    await Promise.all(
      group.map(({ offset, value }) => {
        // A message without a value is the deletion of a key.
        const raw = value ?? Buffer.alloc(0);
        return session.take(toMessage(raw, ["kafka", topic, partition, offset, digest(raw)]));
      }),
    );
  } finally {
    clearInterval(waiting);
  }
}
