import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from "amqplib";
import type { SourceOf } from "../config/edge-source.ts";
import { readSecret } from "../config/read-secret.ts";
import { type Session, keepConnected } from "./keep-connected.ts";
import type { RunningSource, SourceParts } from "./source.ts";
import { digest, toMessage } from "./to-message.ts";

const HEARTBEAT_SECONDS = 20;
const CONNECT_TIMEOUT_MS = 15_000;
/** For a broker to confirm that a connection is over; a dead network never does. */
const CLOSE_TIMEOUT_MS = 3000;

/**
 * Takes the messages of a queue, in their order, and acknowledges each once it is on disk, with those that came meanwhile; the broker gives those again that were not.
 * A message is known by its message-id, else by its content.
 */
export function readAmqp(config: SourceOf<"amqp">, parts: SourceParts): RunningSource {
  return keepConnected(parts, async (session) => {
    const cut = new AbortController();
    const connection = await openUntil(session.signal, { config, cut });
    const broken = Promise.withResolvers<never>();
    const fail = (error: unknown) => broken.reject(explain(error));
    broken.promise.catch(() => undefined);
    connection.on("error", fail);
    connection.on("close", fail);
    session.signal.addEventListener("abort", fail, { once: true });
    let channel: Channel | undefined;
    let reading: Awaited<ReturnType<typeof consume>> | undefined;
    try {
      channel = await connection.createChannel();
      channel.on("error", fail);
      channel.on("close", fail);
      reading = await consume(channel, { config, session, fail });
      await broken.promise;
    } catch (error) {
      throw explain(error);
    } finally {
      session.signal.removeEventListener("abort", fail);
      await reading?.end();
      await closeInTime([channel, connection]);
      cut.abort();
    }
  });
}

const REASONS: Readonly<Record<number, string>> = {
  403: "the broker refuses access",
  404: "the broker has no such queue",
  405: "another has the queue for itself",
};

function explain(error: unknown): Error {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return new AppError("unavailable", "the broker ended the connection");
  const reason = "code" in error && typeof error.code === "number" ? REASONS[error.code] : undefined;
  return reason === undefined ? error : new AppError("unavailable", reason);
}

/** Opens a connection; one that is being opened when it is to stop is cut. */
async function openUntil(
  stop: AbortSignal,
  { config, cut }: { config: SourceOf<"amqp">; cut: AbortController },
): Promise<ChannelModel> {
  const abort = () => cut.abort();
  stop.addEventListener("abort", abort, { once: true });
  try {
    return await open(config, cut.signal);
  } finally {
    stop.removeEventListener("abort", abort);
  }
}

function open(config: SourceOf<"amqp">, signal: AbortSignal): Promise<ChannelModel> {
  const { protocol, hostname, port, pathname } = new URL(config.url);
  const { user, passwordFile, caFile } = config;
  const socket = { timeout: CONNECT_TIMEOUT_MS, signal, ...(caFile !== undefined && { ca: readFileSync(caFile) }) };
  return connect(
    {
      protocol: protocol.slice(0, -1),
      hostname,
      ...(port !== "" && { port: Number(port) }),
      vhost: pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : "/",
      ...(user !== undefined && { username: user }),
      ...(passwordFile !== undefined && { password: readSecret(passwordFile) }),
      heartbeat: HEARTBEAT_SECONDS,
    },
    socket,
  );
}

/** In this order: what closes a connection overtakes the acknowledgements of its channels. Returns in time when nobody answers. */
async function closeInTime(opened: readonly (Channel | ChannelModel | undefined)[]): Promise<void> {
  const late = new AbortController();
  const close = async () => {
    // One that is closed already says so by an error.
    for (const each of opened) await each?.close().catch(() => undefined);
    late.abort();
  };
  await Promise.race([close(), pause(CLOSE_TIMEOUT_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
}

async function consume(
  channel: Channel,
  { config, session, fail }: { config: SourceOf<"amqp">; session: Session; fail: (error: unknown) => void },
) {
  const { queue, prefetch } = config;
  let held = 0;
  let taken = 0;
  let isEnding = false;
  const taking = new Set<Promise<void>>();
  const handle = async (message: ConsumeMessage) => {
    const id: unknown = message.properties.messageId;
    const name = typeof id === "string" && id !== "" ? ["id", id] : ["content", digest(message.content)];
    await session.take(toMessage(message.content, ["amqp", queue, ...name]));
    held--;
    taken++;
    channel.ack(message);
  };
  await channel.prefetch(prefetch);
  await channel.consume(queue, (message) => {
    if (message === null) return fail(new AppError("unavailable", "the queue was deleted"));
    if (isEnding) return;
    held++;
    const mine = handle(message)
      .catch(fail)
      .finally(() => taking.delete(mine));
    taking.add(mine);
  });
  session.connected(async () => {
    const { messageCount } = await channel.checkQueue(queue);
    const wanted = taken + held + messageCount;
    return () => taken >= wanted;
  });
  return {
    /** What is being taken is finished and acknowledged; the rest goes back into the queue when the channel closes. */
    end: async () => {
      isEnding = true;
      await Promise.all(taking);
    },
  };
}
