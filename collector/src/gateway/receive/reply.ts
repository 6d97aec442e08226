import { type ServerResponse, STATUS_CODES } from "node:http";
import { AppError } from "@throughline/schemas/error";

/** An answer, whole. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

export function toJsonReply(status: number, value: unknown): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** An error as RFC 9457 has it. `extra` members stand beside the standard ones. */
export function toProblemReply(error: AppError, requestId: string, extra: Record<string, unknown> = {}): Reply {
  const problem = {
    type: `urn:throughline:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? "Error",
    status: error.status,
    detail: error.message,
    code: error.code,
    errors: error.issues,
    requestId,
    ...extra,
  };
  return {
    status: error.status,
    headers: { "content-type": "application/problem+json", ...toErrorHeaders(error) },
    body: JSON.stringify(problem),
  };
}

export function toErrorHeaders(error: AppError): Record<string, string> {
  return {
    ...(error.retryAfterSeconds !== undefined && { "retry-after": String(error.retryAfterSeconds) }),
    ...(error.status === 401 && { "www-authenticate": 'Bearer realm="throughline"' }),
  };
}

/** Any error as one that may be shown. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = "Something failed that should not. The request id names it in the log.";
  return new AppError("internal", message, { cause: error });
}

export function sendReply(response: ServerResponse, reply: Reply, requestId: string): void {
  response.writeHead(reply.status, {
    ...reply.headers,
    "content-length": Buffer.byteLength(reply.body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  });
  response.end(reply.body);
}
