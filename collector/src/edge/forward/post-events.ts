import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { z } from "zod";
import { parseRetryAfter } from "./back-off.ts";
import type { createClockSkew } from "./clock-skew.ts";
import { createPostBody } from "./request-gateway.ts";

/** An event of a request that the gateway refused, by its place, and why. */
export interface Refusal {
  index: number;
  reason: string;
}

/** How a request went. */
export type PostOutcome =
  /** On the gateway's disk, but for those. */
  | { kind: "done"; refusals: Refusal[] }
  /** Not as a whole; perhaps in parts. */
  | { kind: "split"; reason: string }
  /** Nothing is known to be taken; the same again is harmless. `needsPerson` when no waiting can mend it. */
  | { kind: "retry"; reason: string; afterMs: number | undefined; needsPerson: boolean };

export type PostEvents = (events: readonly string[], signal: AbortSignal) => Promise<PostOutcome>;

const compress = promisify(gzip);
const TIMEOUT_MS = 60_000;
const NEEDS_PERSON = new Set([301, 302, 303, 307, 308, 401, 403, 404, 405, 415]);

const acknowledgement = z.object({ accepted: z.int() });
const problem = z.object({
  accepted: z.int().min(0),
  refused: z.int().min(1),
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
});

/** Sends events, as JSON texts, to `/v1/events` of the one gateway that is configured, and follows no redirection. */
export function createPostEvents(options: {
  url: string;
  key: string;
  skew: ReturnType<typeof createClockSkew>;
  now: () => number;
}): PostEvents {
  const { skew, now } = options;
  const url = new URL("v1/events", options.url.endsWith("/") ? options.url : `${options.url}/`);
  const headers = {
    authorization: `Bearer ${options.key}`,
    "content-type": "application/cloudevents-batch+json",
    "content-encoding": "gzip",
  };
  const send = createPostBody(url, { headers, now });
  return async (events, stop) => {
    try {
      const body = await compress(`[${events.join(",")}]`);
      const sentAt = now();
      const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
      const { status, headers: told, text, answeredAt } = await send(body, signal);
      skew.observe(told.date ?? null, { sentAt, receivedAt: answeredAt });
      const afterMs = parseRetryAfter(told["retry-after"] ?? null, answeredAt);
      return toOutcome({ status, text, afterMs }, events.length);
    } catch (error) {
      return { kind: "retry", reason: describe(error), afterMs: undefined, needsPerson: false };
    }
  };
}

/** Reads an answer. One that does not account for every event is no acknowledgement, whatever its status. */
export function toOutcome(
  { status, text, afterMs }: { status: number; text: string; afterMs: number | undefined },
  count: number,
): PostOutcome {
  const body = parseJson(text);
  if (status === 202 && acknowledgement.safeParse(body).data?.accepted === count) return { kind: "done", refusals: [] };
  if (status === 400) {
    const refused = problem.safeParse(body).data;
    const refusals = refused === undefined ? [] : toRefusals(refused.errors, count);
    return refused !== undefined && refusals.length === refused.refused && refused.accepted + refused.refused === count
      ? { kind: "done", refusals }
      : { kind: "split", reason: "400" };
  }
  if (status === 413) return { kind: "split", reason: "413: it is too large" };
  const reason = status >= 200 && status < 300 ? `${status} without the gateway's word` : String(status);
  return { kind: "retry", reason, afterMs, needsPerson: NEEDS_PERSON.has(status) };
}

/** Problems by event: their paths begin with the place of the event, as in `/3/data/objects`. */
function toRefusals(errors: readonly { path: string; message: string }[], count: number): Refusal[] {
  const reasons = new Map<number, string[]>();
  for (const { path, message } of errors) {
    const found = /^\/(?<index>\d{1,9})(?<rest>\/.*)?$/s.exec(path)?.groups;
    const index = Number(found?.["index"] ?? count);
    if (index < count)
      reasons.set(index, [...(reasons.get(index) ?? []), `${found?.["rest"] ?? ""} ${message}`.trim()]);
  }
  return [...reasons]
    .map(([index, list]) => ({ index, reason: list.join("; ") }))
    .toSorted((a, b) => a.index - b.index);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.cause instanceof Error && error.cause.name === "TimeoutError") return "no answer in time";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
