import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import type { Event } from "@throughline/schemas/event";
import { type ServiceSpan, toTracesRequest } from "./otlp.ts";

export interface GatewayClient {
  sendEvents(events: readonly Event[]): Promise<void>;
  sendSpans(spans: readonly ServiceSpan[]): Promise<void>;
  /** Sends what the gateway has to refuse; anything else than a refusal is thrown. */
  sendMalformed(body: object): Promise<void>;
}

interface Message {
  /** The status of a refusal that is expected instead of an acknowledgement. */
  refusal?: number;
  path: string;
  contentType: string;
  body: string;
}

const ATTEMPTS = 12;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Sends to a gateway and returns when what was sent is on its disk. A gateway that is busy or away is asked again, for
 * about a minute in all; then, and when it refuses, the failure is thrown.
 */
export function createGatewayClient(options: { gatewayUrl: string; key: string; signal: AbortSignal }): GatewayClient {
  return {
    sendEvents: (events) =>
      post(options, {
        path: "/v1/events",
        contentType: "application/cloudevents-batch+json",
        body: JSON.stringify(events),
      }),
    sendSpans: (spans) =>
      post(options, {
        path: "/v1/traces",
        contentType: "application/json",
        body: JSON.stringify(toTracesRequest(spans)),
      }),
    sendMalformed: (body) =>
      post(options, {
        path: "/v1/events",
        contentType: "application/cloudevents+json",
        body: JSON.stringify(body),
        refusal: 400,
      }),
  };
}

async function post(options: { gatewayUrl: string; key: string; signal: AbortSignal }, message: Message) {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(options, message);
    if (outcome.isDone) return;
    if (attempt === ATTEMPTS) throw new AppError("unavailable", `The gateway took nothing: ${outcome.reason}`);
    const backoffMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    await delay(Math.max(outcome.retryAfterMs, backoffMs), undefined, { signal: options.signal });
  }
}

type Outcome = { isDone: true } | { isDone: false; reason: string; retryAfterMs: number };

async function tryOnce(
  options: { gatewayUrl: string; key: string; signal: AbortSignal },
  message: Message,
): Promise<Outcome> {
  const response = await reach(options, message);
  if (response instanceof Error) {
    options.signal.throwIfAborted();
    return { isDone: false, reason: response.message, retryAfterMs: 0 };
  }
  const answer = await response.text();
  if (response.status === 429 || response.status === 503) {
    const seconds = Number(response.headers.get("retry-after") ?? 0);
    return { isDone: false, reason: answer, retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : 0 };
  }
  if (message.refusal !== undefined && response.status === message.refusal) return { isDone: true };
  if (message.refusal !== undefined || !response.ok || answer.includes('"rejectedSpans":"'))
    throw new AppError(
      "invalid_request",
      `The gateway ${response.ok ? "took what it should refuse at" : "refused"} ${message.path} with ${response.status}: ${answer.slice(0, 500)}`,
    );
  return { isDone: true };
}

/** The response, or the error of a connection that failed. */
async function reach(
  { gatewayUrl, key, signal }: { gatewayUrl: string; key: string; signal: AbortSignal },
  { path, contentType, body }: Message,
): Promise<Response | Error> {
  try {
    return await fetch(new URL(path, gatewayUrl), {
      method: "POST",
      headers: { "content-type": contentType, authorization: `Bearer ${key}` },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
