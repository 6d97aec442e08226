import { createRoute, z } from "@hono/zod-openapi";
import { isUnscoped } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { type Notice, notice } from "../contract/stream.ts";
import { ERRORS } from "../http/answers.ts";
import { READING_ROLES, requireRole } from "../http/authenticate.ts";
import type { ApiDeps } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import type { NumberedChange } from "../http/notice-hub.ts";
import type { Change } from "../queries/list-changes.ts";
import { toInstant } from "../queries/time-range.ts";

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;
const MAX_WAITING = 500;
const RETRY_AFTER_SECONDS = 10;

const route = createRoute({
  method: "get",
  path: "/stream",
  summary: "Notices of change, as server-sent events",
  description:
    "The name of each event is the notice's `kind`. `Last-Event-ID` resumes; what can no longer be told is answered with `resync`. It begins with `hello`; a comment every 15 s keeps the line open.",
  tags: ["Stream"],
  middleware: requireRole(...READING_ROLES),
  request: { query: z.strictObject({ lastEventId: z.string().max(64).optional() }) },
  responses: { 200: { description: "Notices.", content: { "text/event-stream": { schema: notice } } }, ...ERRORS },
});

export function addStreamRoutes(app: ApiApp, { notices, now, keys }: ApiDeps) {
  app.openapi(route, (c) => {
    const principal = c.get("principal");
    const expiresAt = c.get("expiresAt") ?? Infinity;
    const lastId = c.req.header("last-event-id") ?? c.req.valid("query").lastEventId;
    const queue = createQueue();
    const heard = notices.listen(queue.push, lastId);
    if (!heard)
      throw new AppError("too_many_requests", "Too many streams are open.", { retryAfterSeconds: RETRY_AFTER_SECONDS });
    const withCounts = isUnscoped(principal.scope);
    const mayStay = () => keys.findPrincipalById(principal.id) !== undefined && now() < expiresAt;
    c.header("cache-control", "no-store");
    c.header("x-accel-buffering", "no");
    return streamSSE(c, async (stream) => {
      stream.onAbort(() => {
        heard.stop();
        queue.close();
      });
      try {
        await stream.writeSSE({ event: "hello", data: "{}", retry: RETRY_MS });
        if (heard.missed === undefined) await sendNotice(stream, { kind: "resync", at: toInstant(now()) });
        for (const numbered of heard.missed ?? [])
          await sendNotice(stream, toNotice(numbered.change, withCounts), numbered.id);
        while (!stream.aborted && mayStay()) await sendWaiting(stream, { queue, withCounts, now });
      } finally {
        heard.stop();
      }
    });
  });
}

async function sendWaiting(stream: SSEStreamingApi, to: { queue: Queue; withCounts: boolean; now: () => number }) {
  const { waiting, isOverrun } = await to.queue.take(HEARTBEAT_MS);
  if (isOverrun) return sendNotice(stream, { kind: "resync", at: toInstant(to.now()) });
  if (waiting.length === 0) await stream.write(": still here\n\n");
  for (const { id, change } of waiting) await sendNotice(stream, toNotice(change, to.withCounts), id);
}

async function sendNotice(stream: SSEStreamingApi, said: Notice, id?: string) {
  await stream.writeSSE({ event: said.kind, data: JSON.stringify(said), ...(id !== undefined && { id }) });
}

/** How much came in says something of all sites together, so that readers with a scope learn only that something did. */
function toNotice(change: Change, withCounts: boolean): Notice {
  const { kind, at } = change;
  if (kind === "evaluated") return { kind, at, projector: change.projector };
  const { events, spans, quarantined } = change;
  return withCounts
    ? { kind, at, events, spans, quarantined }
    : { kind, at, events: null, spans: null, quarantined: null };
}

type Queue = ReturnType<typeof createQueue>;

/** Changes between the poller and one reader; a reader that is too slow is told to start anew. */
function createQueue() {
  let waiting: NumberedChange[] = [];
  let isOverrun = false;
  let wake = () => {};
  return {
    push: (numbered: NumberedChange) => {
      if (waiting.length < MAX_WAITING) waiting.push(numbered);
      else isOverrun = true;
      wake();
    },
    close: () => wake(),
    take: async (timeoutMs: number) => {
      if (waiting.length === 0) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            done();
          };
        });
      }
      const taken = { waiting, isOverrun };
      waiting = [];
      isOverrun = false;
      return taken;
    },
  };
}
