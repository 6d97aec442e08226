import { parseRetryAfter } from "../forward/back-off.ts";

/** An answer of an API, or why there is none. */
export type Page =
  | {
      kind: "page";
      body: Buffer;
      headers: Headers;
      /** How long the API wants to be left alone. */
      waitMs: number;
    }
  | { kind: "failed"; reason: string; afterMs: number | undefined };

const TIMEOUT_MS = 60_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Larger numbers of seconds are a time since 1970. */
const LONGEST_RESET_S = 10_000_000;
const MAX_WAIT_MS = 3_600_000;
const TOO_MANY = 429;

/** Asks for one page, and follows no redirection. Never throws but when it is aborted. */
export async function getPage(
  url: string,
  { headers, signal, now }: { headers: Record<string, string>; signal: AbortSignal; now: () => number },
): Promise<Page> {
  try {
    const limits = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const response = await fetch(url, { headers, signal: limits, redirect: "manual" });
    const afterMs = parseRetryAfter(response.headers.get("retry-after"), now());
    const waitMs = toWaitMs(response.headers, now());
    if (response.status !== 200 && response.status !== 204) {
      await response.body?.cancel();
      const asked = afterMs ?? (response.status === TOO_MANY && waitMs > 0 ? waitMs : undefined);
      return { kind: "failed", reason: `it answers ${response.status}`, afterMs: asked };
    }
    const body = await readBody(response);
    if (body === undefined) return { kind: "failed", reason: "its answer is too large", afterMs: undefined };
    return { kind: "page", body, headers: response.headers, waitMs };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "failed", reason: describe(error), afterMs: undefined };
  }
}

/** When a quota is used up: until it is filled again, by `RateLimit-*` or `X-RateLimit-*`, in seconds or as a time. */
export function toWaitMs(headers: Headers, now: number): number {
  const read = (name: string) => headers.get(`ratelimit-${name}`) ?? headers.get(`x-ratelimit-${name}`);
  const [remaining, reset] = [read("remaining"), read("reset")];
  if (remaining === null || reset === null || Number(remaining) > 0) return 0;
  const seconds = Number(reset);
  if (!Number.isFinite(seconds) || seconds <= 0) return 0;
  const waitMs = seconds > LONGEST_RESET_S ? seconds * 1000 - now : seconds * 1000;
  return Math.min(Math.max(waitMs, 0), MAX_WAIT_MS);
}

async function readBody(response: Response): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** By its code or kind only: a message may hold the address. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { cause } = error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return error.name === "TimeoutError" ? "no answer in time" : "no connection";
}
