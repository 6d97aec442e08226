import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { AppError } from "@throughline/schemas/error";
import type { SourceOf } from "../config/edge-source.ts";
import { readSecret } from "../config/read-secret.ts";
import type { RunningSource, SourceParts } from "./source.ts";
import { createVerify } from "./webhook-signature.ts";

const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Of bodies that came and are not on disk yet, of all requests together. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const RETRY_AFTER_S = 10;

/**
 * Takes signed webhooks. A delivery is acknowledged with 202 once it is on disk; 401 when its signature is wrong, 413 when it is too
 * large, 503 when it cannot be kept now. Sent again it has the same ids.
 */
export async function receiveWebhooks(config: SourceOf<"webhook">, parts: SourceParts): Promise<RunningSource> {
  const { now } = parts;
  const secrets = readSecret(config.secretFile).split(/\s+/);
  const verify = createVerify(config.signature, secrets);
  const waiting = createWaiting(now);
  const receive = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method !== "POST") return { status: 405, text: "POST only" };
    if (request.url?.split("?", 1)[0] !== config.path) return { status: 404, text: "Not found" };
    const body = await readBody(request, waiting);
    if (body === undefined) return { status: 413, text: "Too large" };
    try {
      const verified = verify(request.headers, body, now());
      if (!verified.ok) {
        parts.logger.warn({ reason: verified.reason }, "A webhook was refused");
        return { status: 401, text: "Not signed as agreed" };
      }
      return await keep(parts, { identity: verified.identity, body });
    } finally {
      waiting.leave(body.length);
    }
  };
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    const start = waiting.begin();
    void receive(request)
      .catch((): Answer => ({ status: 400, text: "Not read" }))
      .then((answer) => reply(response, answer))
      .finally(() => waiting.end(start));
  });
  server.listen(config.port, config.host);
  await once(server, "listening");
  return {
    completeAt: waiting.completeAt,
    failure: () => undefined,
    stop: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      await waiting.idle();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Answer {
  status: number;
  text: string;
}

async function keep({ take, logger }: SourceParts, unit: { identity: string; body: Buffer }): Promise<Answer> {
  const { identity, body } = unit;
  try {
    await take({ identity, stream: [body], raw: body, isPatient: false });
    return { status: 202, text: "Kept" };
  } catch (error) {
    logger.warn({ reason: error instanceof AppError ? error.message : "unknown" }, "A webhook was not kept");
    return { status: 503, text: "Not kept; send it again" };
  }
}

/** What is being received. */
function createWaiting(now: () => number) {
  const starts = new Set<{ at: number }>();
  const idlers: (() => void)[] = [];
  let bytes = 0;
  return {
    begin: () => {
      const start = { at: now() };
      starts.add(start);
      return start;
    },
    end: (start: { at: number }) => {
      starts.delete(start);
      if (starts.size === 0) for (const done of idlers.splice(0)) done();
    },
    enter: (count: number): boolean => {
      if (bytes + count > MAX_WAITING_BYTES) return false;
      bytes += count;
      return true;
    },
    leave: (count: number) => void (bytes -= count),
    completeAt: () => Math.min(now(), ...[...starts].map(({ at }) => at)),
    idle: () => (starts.size === 0 ? Promise.resolve() : new Promise<void>((done) => void idlers.push(done))),
  };
}

/**
 * Undefined when it is too large, by itself or beside the others: then it is read to its end and forgotten, so that the sender gets an
 * answer. What counts as waiting of it is the caller's to leave, or nothing when there is no body.
 */
async function readBody(
  request: IncomingMessage,
  waiting: ReturnType<typeof createWaiting>,
): Promise<Buffer | undefined> {
  let chunks: Buffer[] | undefined = [];
  let size = 0;
  const forget = () => {
    waiting.leave(size);
    size = 0;
    chunks = undefined;
  };
  try {
    for await (const chunk of request) {
      if (chunks === undefined) continue;
      const bytes = Buffer.from(chunk);
      if (size + bytes.length > MAX_BODY_BYTES || !waiting.enter(bytes.length)) {
        forget();
        continue;
      }
      size += bytes.length;
      chunks.push(bytes);
    }
  } catch (error) {
    forget();
    throw error;
  }
  return chunks === undefined ? undefined : Buffer.concat(chunks);
}

function reply(response: ServerResponse, { status, text }: Answer): void {
  const headers = {
    "content-type": "text/plain",
    ...(status === 503 && { "retry-after": String(RETRY_AFTER_S) }),
    ...(status === 413 && { connection: "close" }),
  };
  response.writeHead(status, headers).end(`${text}\n`);
}
