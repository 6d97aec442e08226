import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { randomUUID } from "node:crypto";
import { type Principal, hasRole } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import type { Logger } from "pino";
import { type Inflate, createInflate, readBody, takeBytes } from "./body.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { type Intake, quarantine } from "./intake.ts";
import { type Reply, sendReply, toAppError, toProblemReply } from "./reply.ts";
import type { IntakeRoute } from "./routes.ts";
import type { SenderPage } from "../way-back/way-back-routes.ts";

export interface ServerOptions {
  intake: Intake;
  authenticate: (bearer: string) => Promise<Principal | undefined>;
  budget: ByteBudget;
  logger: Logger;
  /** Paths that are read by GET, without a key. */
  pages: ReadonlyMap<string, () => Promise<Reply>>;
  /** Paths that senders read by GET, with their key. */
  senderPages: ReadonlyMap<string, SenderPage>;
  /** Paths that take something in, by POST. */
  routes: ReadonlyMap<string, IntakeRoute>;
}

type HandlerOptions = ServerOptions & { inflate: Inflate };

const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADER_BYTES = 32 * 1024;
const CHECK_INTERVAL_MS = 1000;
const LINGER_MS = 2000;
const LINGER_BYTES = 256 * 1024 * 1024;
const RETRY_AFTER_SECONDS = 5;

/**
 * The gateway's HTTP server. It is node's own rather than a framework's: a body goes from the socket to the parser in one
 * piece, and a refusal is answered before the body has come.
 */
export function createGatewayServer(given: ServerOptions): Server {
  const options = { ...given, inflate: createInflate(given.intake.limits) };
  const server = createServer(
    {
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, options.intake.limits.requestTimeoutMs),
      requestTimeout: options.intake.limits.requestTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
    (request, response) => void handle(options, request, response),
  );
  return server.on("checkContinue", (request, response) => void handle(options, request, response));
}

async function handle(options: HandlerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { intake, logger } = options;
  const requestId = randomUUID();
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  const route = options.routes.get(path);
  const share = options.budget.openShare();
  let reply: Reply;
  try {
    if (!route) reply = await readPage(options, request, path);
    else reply = await takeIn({ ...options, budget: share }, { request, response, route, path, requestId });
  } catch (cause) {
    const error = toAppError(cause);
    if (request.destroyed && !request.complete) return void response.destroy();
    if (error.code === "internal") logger.error({ err: error.cause ?? error, requestId, path }, error.message);
    intake.metrics.refusedRequests.inc({ route: route ? path : "other", code: error.code });
    const contentType = request.headers["content-type"];
    reply = route ? route.toErrorReply(error, { requestId, contentType }) : toProblemReply(error, requestId);
  } finally {
    share.release();
  }
  intake.metrics.responses.inc({
    route: route || options.pages.has(path) || options.senderPages.has(path) ? path : "other",
    status: String(reply.status),
  });
  answer(request, response, { reply, requestId });
}

async function readPage(options: ServerOptions, request: IncomingMessage, path: string): Promise<Reply> {
  const senderPage = options.senderPages.get(path);
  if (senderPage !== undefined) return readSenderPage(options, request, senderPage);
  const page = options.pages.get(path);
  if (!page) throw new AppError("not_found", `There is nothing at ${path.slice(0, 200)}.`);
  if (request.method !== "GET" && request.method !== "HEAD") return toMethodReply(path, "GET, HEAD");
  const reply = await page();
  return request.method === "HEAD" ? { ...reply, body: "" } : reply;
}

async function readSenderPage(options: ServerOptions, request: IncomingMessage, page: SenderPage): Promise<Reply> {
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  if (request.method !== "GET") return toMethodReply(path, "GET");
  return page(await authenticate(options, request), new URLSearchParams(query));
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  route: IntakeRoute;
  path: string;
  requestId: string;
}

async function takeIn(options: HandlerOptions, exchange: Exchange): Promise<Reply> {
  const { intake } = options;
  const { request, response, route, path, requestId } = exchange;
  if (request.method !== "POST") return toMethodReply(path, "POST");
  const sender = route.admit?.(request.headers) ?? (await authenticate(options, request));
  assertRoom(intake);
  if (request.headers.expect !== undefined) response.writeContinue();
  const { bodyBytes = intake.limits.bodyBytes } = route;
  const raw = await readBody(request, { ...intake.limits, bodyBytes }, options.budget);
  const body = await options.inflate(raw, request.headers["content-encoding"] ?? "");
  if (body.bytes !== raw) takeBytes(options.budget, body.bytes.length);
  const { headers } = request;
  const given = {
    route: path,
    sender,
    contentType: headers["content-type"] ?? "",
    headers,
    body: body.bytes,
    requestId,
  };
  if (body.ok) return route.take(intake, given);
  const issues = [{ path: "", message: body.message }];
  quarantine(intake, given, { issues, bytes: route.keepsBytes ? raw : Buffer.alloc(0) });
  await intake.log.commit();
  throw new AppError("invalid_request", `The body ${body.message}.`, { issues });
}

async function authenticate(
  { authenticate: find }: Pick<ServerOptions, "authenticate">,
  request: IncomingMessage,
): Promise<Principal> {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  if (bearer === undefined) throw new AppError("unauthenticated", "Send a key as `Authorization: Bearer KEY`.");
  const principal = await find(bearer);
  if (!principal) throw new AppError("unauthenticated", "The key is not known, or it was revoked.");
  if (!hasRole(principal, "ingest")) throw new AppError("forbidden", "The key may not send: it needs the role ingest.");
  return principal;
}

function assertRoom({ log }: Intake) {
  if (!log.state().isFull) return;
  throw new AppError(
    "too_many_requests",
    "The write-ahead log is full: the store is not keeping up. Send again later.",
    {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    },
  );
}

function toMethodReply(path: string, allow: string): Reply {
  const error = new AppError("invalid_request", `${path} takes ${allow}.`);
  const reply = toProblemReply(error, "");
  return { ...reply, status: 405, headers: { ...reply.headers, allow } };
}

/** When the body has not come whole, what follows is thrown away for a while, so that the caller can read the answer. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { reply, requestId }: { reply: Reply; requestId: string },
) {
  if (response.destroyed) return;
  if (request.complete) return sendReply(response, reply, requestId);
  response.shouldKeepAlive = false;
  sendReply(response, { ...reply, headers: { ...reply.headers, connection: "close" } }, requestId);
  let sizeBytes = 0;
  request.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > LINGER_BYTES) request.destroy();
  });
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.on("close", () => clearTimeout(timer));
}
