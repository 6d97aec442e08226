import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { EncodedEvent } from "../exporters/exporter.ts";
import type { GatewayAddress } from "../tracing/own-tracing.ts";
import { parseRetryAfter } from "./backoff.ts";
import type { ClockEstimator } from "./clock-offset.ts";
import { type Refusal, parseAcknowledgement, parseRefusal } from "./gateway-answer.ts";

/** How a request went. */
export type PostOutcome =
  | { kind: "done"; refusal: Refusal | undefined }
  /** As a whole it will never be taken, but parts of it may be. */
  | { kind: "split"; status: number }
  /** Nothing is known to be taken; the same again is harmless. `isOurs` when the gateway is there and failed on it. */
  | { kind: "retry"; afterMs: number | undefined; why: string; isOurs: boolean; isHopeless: boolean };

export type PostBatch = (events: readonly EncodedEvent[]) => Promise<PostOutcome>;

const compress = promisify(gzip);
/** The quickest level: an event costs the host less than a microsecond. */
const GZIP_LEVEL = 1;
const GZIP_FROM_BYTES = 1024;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Answers that only a person can mend: wrong key, wrong address. Asked again, seldom, since a person may. */
const HOPELESS = new Set([301, 302, 303, 307, 308, 401, 403, 404, 405, 415]);

/** Makes the function that sends a batch to `POST /v1/events`. Throws when the address is no URL. */
export function createPostBatch(options: {
  gateway: GatewayAddress;
  timeoutMs: number;
  /** Ends what is on its way. */
  stop: AbortSignal;
  clock: ClockEstimator;
  now: () => number;
}): PostBatch {
  const { gateway, timeoutMs, stop, clock, now } = options;
  const url = new URL("v1/events", gateway.url.endsWith("/") ? gateway.url : `${gateway.url}/`);
  const headers = {
    authorization: `Bearer ${gateway.key}`,
    "content-type": "application/cloudevents-batch+json",
  };
  return async (events) => {
    try {
      const body = await toBody(events);
      const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
      const sentAt = now();
      // The host's instrumentation must not make a span of each request of ours.
      const response = await context.with(suppressTracing(context.active()), () =>
        fetch(url, { method: "POST", redirect: "manual", signal, ...body, headers: { ...headers, ...body.headers } }),
      );
      clock.observe(response.headers.get("date"), sentAt, now());
      return toOutcome(response, await readText(response), { count: events.length, now: now() });
    } catch (error) {
      return { kind: "retry", afterMs: undefined, why: toReason(error), isOurs: false, isHopeless: false };
    }
  };
}

async function toBody(
  events: readonly EncodedEvent[],
): Promise<{ body: Uint8Array<ArrayBuffer>; headers: Record<string, string> }> {
  const plain = Buffer.from(`[${events.map(({ json }) => json).join(",")}]`);
  if (plain.length < GZIP_FROM_BYTES) return { body: plain, headers: {} };
  return { body: await compress(plain, { level: GZIP_LEVEL }), headers: { "content-encoding": "gzip" } };
}

function toOutcome(response: Response, text: string, { count, now }: { count: number; now: number }): PostOutcome {
  const { status } = response;
  if (status === 202 && parseAcknowledgement(text) === count) return { kind: "done", refusal: undefined };
  if (status === 400) {
    const refusal = parseRefusal(text, count);
    return refusal === undefined ? { kind: "split", status } : { kind: "done", refusal };
  }
  if (status === 413) return { kind: "split", status };
  const isHopeless = HOPELESS.has(status);
  const why = status >= 200 && status < 300 ? `${status} with an answer that is not the gateway's` : `${status}`;
  const afterMs = parseRetryAfter(response.headers.get("retry-after"), now);
  return { kind: "retry", afterMs, why, isOurs: status === 500, isHopeless };
}

/** The text of an answer, up to the limit: what is longer is not the gateway's. */
async function readText(response: Response): Promise<string> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_BYTES) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function toReason(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const cause: unknown = error.cause;
  const code: unknown = typeof cause === "object" && cause !== null ? Reflect.get(cause, "code") : undefined;
  return typeof code === "string" ? code : error.name === "TimeoutError" ? "no answer in time" : error.message;
}
