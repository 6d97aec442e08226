import { context } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { injectHeaders } from "../carriers/headers.ts";
import type { SpanStarter } from "../steps/span-starter.ts";
import { type ClientOptions, endRequest, isToldBaggage, startRequest } from "./client-span.ts";

type Fetch = typeof globalThis.fetch;

export interface FetchOptions extends ClientOptions {
  /** The one to call, undici's for example; the global one at the time of the call unless given. */
  fetch?: Fetch;
}

/**
 * A `fetch` that makes a span of each request and sends its trace along. Redirects are followed as ever, with the headers of the first
 * request. A status of 400 or more marks the span as failed; what the call resolves to or rejects with is untouched.
 */
export function createTracedFetch(throughline: SpanStarter, options: FetchOptions = {}): Fetch {
  return async (input, init) => {
    const call = options.fetch ?? globalThis.fetch;
    if (isTracingSuppressed(context.active())) return call(input, init);
    const { method, url, headers } = readRequest(input, init);
    const scope = startRequest(throughline, { method, url }, options);
    injectHeaders(headers, { from: scope.context, withBaggage: isToldBaggage(url, options) });
    try {
      const response = await scope.run(() => call(input, { ...init, headers }));
      endRequest(scope, response.status, response.headers);
      return response;
    } catch (error) {
      scope.fail(error);
      throw error;
    }
  };
}

/** Headers of `init` replace those of a request, as fetch has it. */
function readRequest(...[input, init]: Parameters<Fetch>) {
  const request = typeof input === "object" && "headers" in input ? input : undefined;
  const address = typeof input === "string" ? input : "href" in input ? input.href : input.url;
  return {
    method: init?.method ?? request?.method ?? "GET",
    url: URL.canParse(address) ? new URL(address) : undefined,
    headers: new Headers(init?.headers ?? request?.headers),
  };
}
