import type { AppError } from "@throughline/schemas/error";
import { toStatusReply } from "../otlp/replies.ts";
import type { Intake, IntakeRequest } from "./intake.ts";
import { postEvents } from "./post-events.ts";
import { findEncoding, postLogs, postTraces } from "./post-otlp.ts";
import { type Reply, toProblemReply } from "./reply.ts";

/** A path that takes something in. */
export interface IntakeRoute {
  take: (intake: Intake, request: IntakeRequest) => Promise<Reply>;
  toErrorReply: (error: AppError, about: { requestId: string; contentType: string | undefined }) => Reply;
}

const toOtlpErrorReply: IntakeRoute["toErrorReply"] = (error, { contentType }) =>
  toStatusReply(findEncoding(contentType) ?? "json", error);

/** All of them are reached by POST. */
export const INTAKE_ROUTES: ReadonlyMap<string, IntakeRoute> = new Map<string, IntakeRoute>([
  ["/v1/events", { take: postEvents, toErrorReply: (error, { requestId }) => toProblemReply(error, requestId) }],
  ["/v1/traces", { take: postTraces, toErrorReply: toOtlpErrorReply }],
  ["/v1/logs", { take: postLogs, toErrorReply: toOtlpErrorReply }],
]);
