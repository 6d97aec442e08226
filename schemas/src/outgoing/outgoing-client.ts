import { lookup as lookUp } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { callbackify } from "node:util";
import { Agent, buildConnector } from "undici";
import { AppError } from "../error.ts";
import { type AllowedAddresses, vetAddress } from "./vet-address.ts";

export interface OutgoingRequest {
  /** `http:` or `https:`, without a user name or password. */
  url: string;
  method: "GET" | "POST";
  headers?: Readonly<Record<string, string>>;
  body?: string;
  signal?: AbortSignal;
}

export interface OutgoingReply {
  /** As the other side gave it; a redirection is not followed, so that it is a reply like any other. */
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** At most the configured number of bytes, read as UTF-8. */
  body: string;
  isCut: boolean;
}

export interface OutgoingOptions {
  /** What may be reached besides public addresses. */
  allowed: AllowedAddresses;
  /** From the first look-up to the last byte; 15 s unless given. */
  timeoutMs?: number;
  /** Most bytes of a reply that are read; 64 KiB unless given. */
  maxReplyBytes?: number;
  /** All addresses of a name; the system's look-up unless given. */
  resolve?: (hostname: string) => Promise<readonly string[]>;
}

/** Sends requests to addresses that people have configured, without letting them reach into this network. */
export interface OutgoingClient {
  /**
   * Throws `forbidden` when any address of the host may not be reached, `invalid_request` for a URL that cannot be used,
   * `timeout` when it takes too long, and `unavailable` when the other side cannot be reached.
   */
  send: (request: OutgoingRequest) => Promise<OutgoingReply>;
  close: () => Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_REPLY_BYTES = 65_536;

/**
 * Creates a client that resolves a host itself, vets every address of it, and connects to the vetted ones and no other:
 * a second look-up cannot give another answer.
 */
export function createOutgoingClient(options: OutgoingOptions): OutgoingClient {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxReplyBytes = DEFAULT_MAX_REPLY_BYTES } = options;
  const agent = new Agent({ connect: createVettedConnector(options, timeoutMs), allowH2: false });
  return {
    send: async (request) => {
      const url = toUrl(request.url);
      const limit = AbortSignal.timeout(timeoutMs);
      const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
      try {
        const reply = await agent.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers: request.headers ?? {},
          body: request.body ?? null,
          signal,
        });
        const { text, isCut } = await readBounded(reply.body, maxReplyBytes);
        return { status: reply.statusCode, headers: reply.headers, body: text, isCut };
      } catch (error) {
        throw toOutgoingError(error, { host: url.host, isTooLate: limit.aborted });
      }
    },
    close: () => agent.destroy(),
  };
}

/** Throws `invalid_request` unless requests can be sent to a URL. */
function toUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw new AppError("invalid_request", "The address must begin with https:// or http://.");
  if (url.username !== "" || url.password !== "")
    throw new AppError("invalid_request", "The address must not hold a user name or password.");
  return url;
}

function createVettedConnector(
  { allowed, resolve = resolveAll }: OutgoingOptions,
  timeout: number,
): buildConnector.connector {
  const vet = callbackify((hostname: string) => vetHost(hostname, { allowed, resolve }));
  return (target, callback) =>
    vet(target.hostname, (error, addresses) => {
      // The type of `callbackify` has no null, which is what it gives on success.
      if (error instanceof Error) return callback(error, null);
      const lookup = toLookup(addresses);
      buildConnector({ timeout, autoSelectFamily: true, lookup, allowH2: false })(target, callback);
    });
}

/** The addresses of a host. One that is forbidden refuses the host, so that it cannot hide behind those that are not. */
async function vetHost(
  hostname: string,
  { allowed, resolve }: Required<Pick<OutgoingOptions, "allowed" | "resolve">>,
): Promise<readonly string[]> {
  const addresses = isIP(hostname) === 0 ? await resolve(hostname) : [hostname];
  if (addresses.length === 0) throw new AppError("unavailable", `${hostname} has no address.`);
  for (const address of addresses) {
    const verdict = vetAddress(address, allowed);
    if (verdict.ok) continue;
    throw new AppError(
      "forbidden",
      `${hostname} leads to ${address}, which is ${verdict.kind}. An administrator can allow it.`,
    );
  }
  return addresses;
}

async function resolveAll(hostname: string): Promise<readonly string[]> {
  const found = await lookUp(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

/** A look-up that knows one answer. */
function toLookup(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  const [first = { address: "", family: 0 }] = all;
  return (_hostname, { all: wantsAll }, callback) => {
    if (wantsAll === true) callback(null, all);
    else callback(null, first.address, first.family);
  };
}

async function readBounded(body: AsyncIterable<unknown>, maxBytes: number): Promise<{ text: string; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    const room = maxBytes - sizeBytes;
    chunks.push(chunk.subarray(0, room));
    sizeBytes += Math.min(chunk.length, room);
    // Leaving the loop ends the connection.
    if (chunk.length > room) return { text: Buffer.concat(chunks).toString("utf8"), isCut: true };
  }
  return { text: Buffer.concat(chunks).toString("utf8"), isCut: false };
}

function toOutgoingError(error: unknown, { host, isTooLate }: { host: string; isTooLate: boolean }): AppError {
  if (error instanceof AppError) return error;
  if (isTooLate) return new AppError("timeout", `${host} took too long to answer.`, { cause: error });
  return new AppError("unavailable", `${host} cannot be reached: ${describe(error)}.`, { cause: error });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
