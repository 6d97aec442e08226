import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "@throughline/schemas/error";
import type { Event } from "@throughline/schemas/event";

export interface SenderOptions {
  /** Base URL of the gateway, such as http://127.0.0.1:4318. */
  gateway: string;
  key?: string | undefined;
  signal?: AbortSignal | undefined;
  /** How often a request is tried again before the import stops. Default 12. */
  maxRetries?: number;
  /** Waits; replaced in tests. */
  wait?: (milliseconds: number) => Promise<void>;
  /** Told when the gateway asks for patience. */
  onWait?: (milliseconds: number, reason: string) => void;
}

/** An event of a batch that the gateway refused, by its place in the batch. */
export interface RefusedEvent {
  index: number;
  reason: string;
}

export type SendEvents = (events: readonly Event[]) => Promise<RefusedEvent[]>;

const REQUEST_TIMEOUT_MS = 60_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

type Answer =
  | { kind: "done"; refused: RefusedEvent[] }
  | { kind: "too-large" }
  | { kind: "wait"; reason: string; milliseconds: number | undefined };

/**
 * Sends batches to a gateway and returns when they are on its disk. 429 and 503 are waited out as long as the gateway asks;
 * lost connections are tried again, which is harmless because ids never change; a batch that is too large is halved.
 */
export function createSender(options: SenderOptions): SendEvents {
  const url = new URL("v1/events", options.gateway.endsWith("/") ? options.gateway : `${options.gateway}/`);
  const wait = options.wait ?? ((milliseconds: number) => pauseFor(milliseconds, options.signal));
  const maxRetries = options.maxRetries ?? 12;
  const send = async (events: readonly Event[]): Promise<RefusedEvent[]> => {
    const body = JSON.stringify(events);
    for (let attempt = 0; ; attempt++) {
      const answer = await post(url, body, options);
      if (answer.kind === "done") return answer.refused;
      if (answer.kind === "too-large") return sendHalves(events, send);
      if (attempt >= maxRetries)
        throw new AppError(
          "unavailable",
          `The gateway at ${options.gateway} did not take the events: ${answer.reason}. Start again with --resume.`,
        );
      const pause = Math.min(answer.milliseconds ?? FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
      options.onWait?.(pause, answer.reason);
      await wait(pause);
    }
  };
  return (events) => (events.length === 0 ? Promise.resolve([]) : send(events));
}

async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    throw toStopped(error);
  }
}

function toStopped(cause: unknown): AppError {
  return new AppError("unavailable", "The import was stopped. Start again with --resume.", { cause });
}

async function sendHalves(events: readonly Event[], send: SendEvents): Promise<RefusedEvent[]> {
  if (events.length === 1) return [{ index: 0, reason: "is larger than the gateway takes" }];
  const middle = Math.ceil(events.length / 2);
  const first = await send(events.slice(0, middle));
  const second = await send(events.slice(middle));
  return [...first, ...second.map(({ index, reason }) => ({ index: index + middle, reason }))];
}

async function post(url: URL, body: string, options: SenderOptions): Promise<Answer> {
  const signals = [AbortSignal.timeout(REQUEST_TIMEOUT_MS), ...(options.signal === undefined ? [] : [options.signal])];
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/cloudevents-batch+json",
        ...(options.key ? { authorization: `Bearer ${options.key}` } : {}),
      },
      body,
      signal: AbortSignal.any(signals),
      redirect: "error",
    });
    return await readAnswer(response, options);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (options.signal?.aborted === true) throw toStopped(error);
    return { kind: "wait", reason: describe(error), milliseconds: undefined };
  }
}

async function readAnswer(response: Response, options: SenderOptions): Promise<Answer> {
  const text = await response.text();
  if (response.ok) return { kind: "done", refused: [] };
  if (response.status === 400) return { kind: "done", refused: readRefusals(text) };
  if (response.status === 413) return { kind: "too-large" };
  if (response.status === 429 || response.status >= 500) {
    const milliseconds = readRetryAfter(response.headers.get("retry-after"));
    return { kind: "wait", reason: `it answered ${response.status}`, milliseconds };
  }
  if (response.status === 401 || response.status === 403)
    throw new AppError(
      response.status === 401 ? "unauthenticated" : "forbidden",
      `The gateway at ${options.gateway} refuses the key (${response.status}). Name one that may ingest with --key or THROUGHLINE_KEY.`,
    );
  throw new AppError(
    "invalid_request",
    `The gateway at ${options.gateway} answered ${response.status}: ${toDetail(text)}`,
  );
}

const problem = z.object({
  detail: z.string().optional(),
  errors: z.object({ path: z.string(), message: z.string() }).array().default([]),
});

/** The refused events of a batch: paths of a problem start with the place of the event, as in `/3/data/objects`. */
function readRefusals(text: string): RefusedEvent[] {
  const parsed = problem.safeParse(parseJson(text));
  const reasons = new Map<number, string[]>();
  for (const { path, message } of parsed.success ? parsed.data.errors : []) {
    const index = /^\/(\d+)(?<rest>\/.*)?$/s.exec(path);
    if (index === null) continue;
    const at = Number(index[1]);
    reasons.set(at, [...(reasons.get(at) ?? []), `${index.groups?.["rest"] ?? ""} ${message}`.trim()]);
  }
  if (reasons.size === 0) throw new AppError("invalid_request", `The gateway refused a batch: ${toDetail(text)}`);
  return [...reasons].map(([index, list]) => ({ index, reason: list.join("; ") }));
}

function toDetail(text: string): string {
  const parsed = problem.safeParse(parseJson(text));
  return (parsed.success ? parsed.data.detail : undefined) ?? text.slice(0, 200);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Milliseconds to wait: seconds, or the time until an HTTP date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const until = Date.parse(header) - Date.now();
  return Number.isNaN(until) ? undefined : Math.max(0, until);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
