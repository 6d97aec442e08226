import { type Attributes, SpanKind } from "@opentelemetry/api";
import { readHeader } from "../carriers/header-access.ts";
import type { SpanScope } from "../steps/span-scope.ts";
import type { SpanStarter } from "../steps/span-starter.ts";
import { toKnownMethod } from "./http-method.ts";

export interface ClientOptions {
  /**
   * Hosts that are told the business keys, such as `erp.hospital.example` or `*.hospital.example`. None unless given: every host is
   * told the trace, which means nothing to strangers, and only these are told baggage.
   */
  baggageTo?: readonly string[];
  /** The pattern of a path, such as `/orders/{order}`: the path itself is never sent, since it may name a patient. */
  route?: (url: URL) => string | undefined;
}

const LIMIT_HEADERS = [
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "ratelimit-limit",
  "ratelimit-remaining",
  "retry-after",
];
const MAX_TEXT = 256;

/** The span of a request to another. */
export function startRequest(
  throughline: SpanStarter,
  { method, url }: { method: string; url: URL | undefined },
  options: ClientOptions,
): SpanScope {
  const known = toKnownMethod(method);
  const route = url && readRoute(url, options);
  const attributes: Attributes = { "http.request.method": known };
  if (url !== undefined) {
    attributes["server.address"] = url.hostname;
    if (url.port !== "") attributes["server.port"] = Number(url.port);
  }
  if (route !== undefined) attributes["url.template"] = route;
  return throughline.startSpan({
    name: route === undefined ? known : `${known} ${route}`,
    kind: SpanKind.CLIENT,
    attributes,
  });
}

export function endRequest(scope: SpanScope, status: number, headers: unknown): void {
  scope.span.setAttribute("http.response.status_code", status);
  for (const name of LIMIT_HEADERS) {
    const value = readHeader(headers, name);
    if (value !== undefined) scope.span.setAttribute(`http.response.header.${name}`, [value.slice(0, MAX_TEXT)]);
  }
  if (status < 400) scope.end();
  else scope.fail({ status });
}

/** True when a host may be told the business keys. */
export function isToldBaggage(url: URL | undefined, { baggageTo = [] }: ClientOptions): boolean {
  if (url === undefined) return false;
  const host = url.hostname.toLowerCase();
  return baggageTo.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) : host === wanted;
  });
}

function readRoute(url: URL, { route }: ClientOptions): string | undefined {
  try {
    return route?.(url);
  } catch {
    return undefined;
  }
}
