import type { AppError } from "@throughline/schemas/error";
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
}

const toOtlpErrorReply: IntakeRoute["toErrorReply"] = (error, { contentType }) =>
  toStatusReply(findEncoding(contentType) ?? "json", error);

const toEventErrorReply: IntakeRoute["toErrorReply"] = (error, { requestId }) => toProblemReply(error, requestId);

/** All of them are reached by POST. Documents are taken where there are rules for them. */
export function createIntakeRoutes(documents: DocumentRules | undefined): ReadonlyMap<string, IntakeRoute> {
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
  return routes;
}
