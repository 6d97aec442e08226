import { hash } from "node:crypto";
import { once } from "node:events";
import { type Server, type Socket, connect, createServer } from "node:net";
import { AppError } from "@throughline/schemas/error";
import type { SourceOf } from "../config/edge-source.ts";
import { createUnitGroups } from "./group-units.ts";
import { type AckCode, createMllpFrames, findHeader, toAck, toMllpFrame } from "./mllp-frames.ts";
import type { RunningSource, SourceParts } from "./source.ts";

const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** Of messages that came and are not on disk yet; one beyond it is not taken and, where it is answered, not acknowledged. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/**
 * Takes HL7 v2 over MLLP. Alone, it acknowledges a message once it is on disk and answers AE when it cannot be. With a relay it stands in
 * line: bytes pass both ways untouched, the receiver's acknowledgements included, and what it cannot keep is counted, never held up.
 */
export async function listenMllp(config: SourceOf<"mllp">, parts: SourceParts): Promise<RunningSource> {
  const { logger, now } = parts;
  const sockets = new Set<Socket>();
  const line = createMessageLine(parts);
  const own = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  };
  const answer = (socket: Socket) =>
    line.watch(socket, (message) => {
      const header = findHeader(message);
      if (header === undefined) {
        logger.warn("What came in a frame is no HL7 v2 message");
        return undefined;
      }
      const taken = line.take(message);
      return async () => {
        const text = toAck(header, await taken, new Date(now()));
        if (socket.writable) socket.write(toMllpFrame(text));
      };
    });
  const tap = (socket: Socket, relay: { host: string; port: number }) => {
    const receiver = connect(relay);
    own(receiver);
    receiver.on("error", () => socket.destroy());
    socket.once("close", () => receiver.destroy());
    line.watch(socket, (message) => {
      const taken = line.take(message);
      return async () => {
        if ((await taken) !== "AA") line.miss();
      };
    });
    socket.pipe(receiver).pipe(socket);
  };
  const server: Server = createServer((socket) => {
    own(socket);
    socket.on("error", () => socket.destroy());
    if (config.relay === undefined) answer(socket);
    else tap(socket, config.relay);
  });
  server.listen(config.port, config.host);
  await once(server, "listening");
  return {
    completeAt: line.completeAt,
    failure: () => (line.missed() === 0 ? undefined : `${line.missed()} messages passed and were not kept`),
    stop: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      await line.idle();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** What is done once a message was begun and those before it on its connection are done. */
type Finish = () => Promise<void>;

/** Takes the messages of connections, each connection's in order; what comes while others are being written is written together. */
function createMessageLine({ takeAll, logger, now }: SourceParts) {
  const groups = createUnitGroups(takeAll);
  const working = new Set<Promise<void>>();
  const starts = new Set<{ at: number }>();
  let waitingBytes = 0;
  let missed = 0;
  const miss = () => void missed++;
  const watch = (socket: Socket, begin: (message: Buffer) => Finish | undefined) => {
    const frames = createMllpFrames(MAX_FRAME_BYTES);
    let last = Promise.resolve();
    const add = (message: Buffer) => {
      if (waitingBytes + message.length > MAX_WAITING_BYTES) {
        miss();
        return;
      }
      const finish = begin(message);
      if (finish === undefined) return;
      waitingBytes += message.length;
      last = last.then(finish).finally(() => {
        waitingBytes -= message.length;
        working.delete(mine);
      });
      const mine = last;
      working.add(mine);
    };
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const message of frames.write(chunk)) add(message);
      } catch {
        logger.warn("A frame is too large; the connection is closed");
        socket.destroy();
      }
    });
  };
  return {
    watch,
    miss,
    missed: () => missed,
    take: async (message: Buffer): Promise<AckCode> => {
      const start = { at: now() };
      starts.add(start);
      try {
        const identity = hash("sha256", message, "hex");
        await groups.take({ identity, stream: [message], raw: message, isPatient: false });
        return "AA";
      } catch (error) {
        logger.warn({ reason: error instanceof AppError ? error.message : "unknown" }, "A message was not kept");
        return "AE";
      } finally {
        starts.delete(start);
      }
    },
    completeAt: () => Math.min(now(), ...[...starts].map(({ at }) => at)),
    idle: async () => {
      await Promise.all(working);
    },
  };
}
