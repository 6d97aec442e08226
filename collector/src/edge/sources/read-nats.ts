import { readFileSync } from "node:fs";
import { AckPolicy, type Consumer, type JsMsg, JetStreamApiError, jetstream } from "@nats-io/jetstream";
import {
  type NatsConnection,
  type NodeConnectionOptions,
  connect,
  credsAuthenticator,
  nanos,
} from "@nats-io/transport-node";
import { AppError } from "@throughline/schemas/error";
import type { SourceOf } from "../config/edge-source.ts";
import { readSecret } from "../config/read-secret.ts";
import { toDurationMs } from "../run/duration-ms.ts";
import { type Session, keepConnected } from "./keep-connected.ts";
import type { RunningSource, SourceParts } from "./source.ts";
import { digest, toMessage } from "./to-message.ts";

const CONNECT_TIMEOUT_MS = 15_000;
const PING_MS = 20_000;
/** How long a request for messages waits for them. */
const PULL_MS = 1000;

/**
 * Takes the messages of a JetStream stream by a durable pull consumer, and acknowledges each once it is on disk, with those that came with it. A message is known by
 * its stream, its number there and its content, so that a stream that was made anew doubles nothing.
 */
export function readNats(config: SourceOf<"nats">, parts: SourceParts): RunningSource {
  return keepConnected(parts, async (session) => {
    const connection = await connect(toOptions(config));
    try {
      await consume(connection, config, session);
    } finally {
      await connection.close();
    }
  });
}

function toOptions({ servers, user, passwordFile, credentialsFile, caFile }: SourceOf<"nats">): NodeConnectionOptions {
  const isEncrypted = caFile !== undefined || servers.some((server) => server.startsWith("tls:"));
  return {
    servers: servers.map((server) => server.replace(/^tls:/, "nats:")),
    ...(user !== undefined && { user }),
    ...(passwordFile !== undefined && { pass: readSecret(passwordFile) }),
    ...(credentialsFile !== undefined && {
      authenticator: credsAuthenticator(new TextEncoder().encode(readSecret(credentialsFile))),
    }),
    ...(isEncrypted && { tls: caFile === undefined ? {} : { ca: readFileSync(caFile, "utf8") } }),
    // The session connects again, and says why it cannot.
    reconnect: false,
    timeout: CONNECT_TIMEOUT_MS,
    pingInterval: PING_MS,
  };
}

async function consume(connection: NatsConnection, config: SourceOf<"nats">, session: Session): Promise<void> {
  const { signal } = session;
  const consumer = await openConsumer(connection, config);
  let taken = 0;
  session.connected(async () => {
    const { num_pending: pending, num_ack_pending: waiting } = await consumer.info();
    const wanted = taken + pending + waiting;
    return () => taken >= wanted;
  });
  while (!signal.aborted && !connection.isClosed()) {
    const given: JsMsg[] = [];
    const taking: Promise<boolean>[] = [];
    // Read to its end also when it is to stop: what is on its way comes here, and nowhere else before its time is over.
    for await (const message of await consumer.fetch({ max_messages: config.prefetch, expires: PULL_MS })) {
      given.push(message);
      taking.push(take(message, { config, session }));
    }
    const isTaken = await Promise.all(taking);
    taken += isTaken.filter(Boolean).length;
    for (const [at, message] of given.entries()) if (isTaken[at] === false) message.nak();
    await connection.flush();
  }
}

/** False when the source was stopped before. */
async function take(
  message: JsMsg,
  { config, session }: { config: SourceOf<"nats">; session: Session },
): Promise<boolean> {
  const waiting = setInterval(() => message.working(), toDurationMs(config.ackWait) / 2);
  try {
    const raw = Buffer.from(message.data);
    await session.take(toMessage(raw, ["nats", config.stream, message.seq, digest(raw)]));
    message.ack();
    return true;
  } catch (error) {
    if (!session.signal.aborted) throw error;
    return false;
  } finally {
    clearInterval(waiting);
  }
}

const NO_CONSUMER = 10_014;
const NO_STREAM = 10_059;

async function openConsumer(connection: NatsConnection, config: SourceOf<"nats">): Promise<Consumer> {
  const { stream, consumer: name, subject, prefetch, ackWait } = config;
  const client = jetstream(connection);
  try {
    return await client.consumers.get(stream, name);
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error;
    if (error.code === NO_STREAM) throw new AppError("unavailable", "the server has no such stream", { cause: error });
    if (error.code !== NO_CONSUMER) throw error;
  }
  const manager = await client.jetstreamManager();
  await manager.consumers.add(stream, {
    durable_name: name,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(toDurationMs(ackWait)),
    max_ack_pending: prefetch,
    ...(subject !== undefined && { filter_subject: subject }),
  });
  return client.consumers.get(stream, name);
}
