import { STATUS_CODES } from "node:http";
import { AppError, type Issue } from "@throughline/schemas/error";
import type { Context, Env, ErrorHandler, NotFoundHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Logger } from "pino";
import type { z } from "zod";
import type { Problem } from "../contract/problem.ts";

const CLIENT_CLOSED = 499;

/** Answers an error as RFC 9457 has it. What was not expected is logged whole and answered with its request id alone. */
export function createErrorHandler<E extends Env & { Variables: { requestId: string } }>(
  logger: Logger,
): ErrorHandler<E> {
  return (error, c) => {
    if (c.req.raw.signal.aborted) return new Response(null, { status: CLIENT_CLOSED });
    const known = toAppError(error);
    if (known.status >= 500)
      logger.error({ err: known.cause ?? known, requestId: c.get("requestId"), path: c.req.path }, known.message);
    return toProblemResponse(c, known);
  };
}

export const answerNotFound: NotFoundHandler = (c) =>
  toProblemResponse(c, new AppError("not_found", `There is nothing at ${c.req.method} ${c.req.path}.`));

export function toProblemResponse(c: Context, error: AppError): Response {
  const requestId: unknown = c.get("requestId");
  const body: Problem = {
    type: `urn:throughline:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? "Error",
    status: error.status,
    detail: error.message,
    code: error.code,
    errors: error.issues,
    requestId: typeof requestId === "string" ? requestId : "",
  };
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
  if (error.status === 401) headers.set("www-authenticate", 'Bearer realm="throughline"');
  return new Response(JSON.stringify(body), { status: error.status, headers });
}

/** Any error as one that may be shown. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException) return toHttpError(error);
  return new AppError("internal", "Something failed that should not. The request id names it in the log.", {
    cause: error,
  });
}

function toHttpError(error: HTTPException): AppError {
  if (error.status === 413) return new AppError("payload_too_large", "The body is too large.", { cause: error });
  if (error.status === 415)
    return new AppError("unsupported_media_type", "The body must be application/json.", { cause: error });
  if (error.status < 500)
    return new AppError("invalid_request", error.message || "The request cannot be read.", { cause: error });
  return new AppError("internal", "Something failed that should not. The request id names it in the log.", {
    cause: error,
  });
}

/** zod's issues of one part of a request (`query`, `path`, `body`), with their places. */
export function toRequestIssues(part: string, error: z.core.$ZodError): Issue[] {
  return error.issues.flatMap((issue) => {
    const path = [part, ...issue.path].map((step) => `/${String(step)}`).join("");
    if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({ path: `${path}/${key}`, message: "is not a parameter here" }));
  });
}
