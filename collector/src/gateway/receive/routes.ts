import type { IncomingHttpHeaders } from "node:http";
import type { Principal } from "@throughline/schemas/access";
import type { AppError } from "@throughline/schemas/error";
import { createHookRoute } from "../hooks/hook-route.ts";
import type { Hook } from "../hooks/read-hooks.ts";
import { toStatusReply } from "../otlp/replies.ts";
import type { Intake, IntakeRequest } from "./intake.ts";
import type { DocumentRules } from "./document-request.ts";
import { createPostDocuments } from "./post-documents.ts";
import { postEvents } from "./post-events.ts";
import { findEncoding, postLogs, postTraces } from "./post-otlp.ts";
import { type Reply, toProblemReply } from "./reply.ts";

/** A path that takes something in. */
export interface IntakeRoute {
  take: (intake: Intake, request: IntakeRequest) => Promise<Reply>;
  toErrorReply: (error: AppError, about: { requestId: string; contentType: string | undefined }) => Reply;
  /** False: a body that is refused is not kept with its bytes, since they may name patients. */
  keepsBytes: boolean;
  /** Bytes of a body as it is sent, where fewer are taken than of others. */
  bodyBytes?: number;
  /**
   * Who sends, where a request proves that by itself instead of by a key; `take` has to check the proof. Throws what keeps the body from
   * being read.
   */
  admit?: (headers: IncomingHttpHeaders) => Principal;
}

const toOtlpErrorReply: IntakeRoute["toErrorReply"] = (error, { contentType }) =>
  toStatusReply(findEncoding(contentType) ?? "json", error);

const toEventErrorReply: IntakeRoute["toErrorReply"] = (error, { requestId }) => toProblemReply(error, requestId);

/** All of them are reached by POST. Documents are taken where there are rules for them, webhooks where they are configured. */
export function createIntakeRoutes(options: {
  documents: DocumentRules | undefined;
  hooks: readonly Hook[];
  now: () => number;
}): ReadonlyMap<string, IntakeRoute> {
  const { documents, hooks, now } = options;
  const routes = new Map<string, IntakeRoute>([
    ["/v1/events", { take: postEvents, toErrorReply: toEventErrorReply, keepsBytes: true }],
    ["/v1/traces", { take: postTraces, toErrorReply: toOtlpErrorReply, keepsBytes: true }],
    ["/v1/logs", { take: postLogs, toErrorReply: toOtlpErrorReply, keepsBytes: true }],
  ]);
  if (documents !== undefined)
    routes.set("/v1/documents", {
      take: createPostDocuments(documents),
      toErrorReply: toEventErrorReply,
      keepsBytes: false,
    });
  for (const hook of hooks) routes.set(`/v1/hooks/${hook.config.interface}`, createHookRoute(hook, now));
  return routes;
}
