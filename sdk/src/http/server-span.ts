import { type Context, SpanKind, SpanStatusCode, context, trace } from "@opentelemetry/api";
import { readHeader } from "../carriers/header-access.ts";
import { extractHeaders } from "../carriers/headers.ts";
import type { SpanScope } from "../steps/span-scope.ts";
import type { SpanStarter } from "../steps/span-starter.ts";
import { toKnownMethod } from "./http-method.ts";

export interface ServerOptions {
  /**
   * True unless given: the trace and the keys that come with a request are gone on with. False for servers that strangers reach: a
   * request begins a trace of its own, with a link to theirs, and keys of theirs are not taken.
   */
  acceptTrace?: boolean;
}

/** How a request was answered; `route` is its pattern, never its path, which may name a patient. */
export interface Answered {
  status: number;
  route?: string | undefined;
  error?: unknown;
}

/** The span of a request that is being answered. */
export interface ServerSpan {
  run<R>(work: () => R): R;
  end(how: Answered): void;
  /** The caller went away before the answer. */
  abort(): void;
}

const MAX_TEXT = 256;
const NOTHING: ServerSpan = { run: (work) => work(), end: () => undefined, abort: () => undefined };

/** Where the host's own instrumentation has a span for the request, that one stays the only one. */
export function beginRequest(
  throughline: SpanStarter,
  request: { method: string; headers: unknown },
  { acceptTrace = true }: ServerOptions,
): ServerSpan {
  if (trace.getSpan(context.active())?.isRecording() === true) return NOTHING;
  const method = toKnownMethod(request.method);
  const scope = throughline.startSpan({
    name: method,
    kind: SpanKind.SERVER,
    attributes: readAttributes(method, request.headers),
    ...toOrigin(extractHeaders(request.headers, context.active()), acceptTrace),
  });
  return {
    run: (work) => scope.run(work),
    end: (how) => endRequest(scope, method, how),
    abort: () => {
      scope.span.setAttribute("error.type", "aborted");
      scope.span.setStatus({ code: SpanStatusCode.ERROR });
      scope.end();
    },
  };
}

function endRequest(scope: SpanScope, method: string, { status, route, error }: Answered) {
  scope.span.setAttribute("http.response.status_code", status);
  if (route !== undefined && route !== "") {
    scope.span.setAttribute("http.route", route);
    scope.span.updateName(`${method} ${route}`);
  }
  if (status < 500) scope.end();
  else scope.fail(error ?? { status });
}

function toOrigin(parent: Context, isAccepted: boolean) {
  if (isAccepted) return { parent };
  const origin = trace.getSpanContext(parent);
  return origin === undefined ? {} : { links: [{ context: origin }] };
}

function readAttributes(method: string, headers: unknown): Record<string, string | string[]> {
  const agent = readHeader(headers, "user-agent");
  const attributes: Record<string, string | string[]> = { "http.request.method": method };
  if (agent !== undefined) attributes["user_agent.original"] = agent.slice(0, MAX_TEXT);
  for (const name of ["x-api-version", "api-version"]) {
    const version = readHeader(headers, name);
    if (version !== undefined) attributes[`http.request.header.${name}`] = [version.slice(0, MAX_TEXT)];
  }
  return attributes;
}
