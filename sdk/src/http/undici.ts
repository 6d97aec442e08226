import { context } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { toHeaders } from "../carriers/headers.ts";
import { overrideMethods } from "../wrap/override-methods.ts";
import type { SpanScope } from "../steps/span-scope.ts";
import type { SpanStarter } from "../steps/span-starter.ts";
import { type ClientOptions, endRequest, isToldBaggage, startRequest } from "./client-span.ts";

/** As much of undici's options of a request as is used. */
interface DispatchOptions {
  method: string;
  origin?: string | URL;
  path: string;
  headers?: unknown;
}

type Dispatch<O, H> = (options: O, handler: H) => boolean;

/**
 * `new Agent().compose(createUndiciInterceptor(throughline))`: a span for each request of undici's own functions, which sends its
 * trace along. For undici 6 and later; for undici's `fetch`, give it to `createTracedFetch`.
 */
export function createUndiciInterceptor(
  throughline: SpanStarter,
  options: ClientOptions = {},
): <O extends DispatchOptions, H extends object>(dispatch: Dispatch<O, H>) => Dispatch<O, H> {
  return (dispatch) => (request, handler) => {
    if (isTracingSuppressed(context.active())) return dispatch(request, handler);
    const address = `${String(request.origin ?? "")}${request.path}`;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const scope = startRequest(throughline, { method: request.method, url }, options);
    const carried = toHeaders({ from: scope.context, withBaggage: isToldBaggage(url, options) });
    const headers = mergeHeaders(request.headers, carried);
    try {
      return dispatch({ ...request, headers }, observe(handler, scope));
    } catch (error) {
      scope.fail(error);
      throw error;
    }
  };
}

/** As a flat list, which undici takes in every version; what is of no known kind stays for undici to refuse. */
function mergeHeaders(given: unknown, carried: Record<string, string>): unknown {
  const added = Object.entries(carried).flat();
  const isOurs = (name: unknown) => typeof name === "string" && Object.hasOwn(carried, name.toLowerCase());
  const flatten = (pairs: Iterable<readonly [unknown, unknown]>) =>
    [...pairs].filter(([name]) => !isOurs(name)).flatMap(([name, value]) => [name, value]);
  if (given === undefined || given === null) return added;
  if (Array.isArray(given)) {
    const pairs = given.flatMap((name, index) => (index % 2 === 0 ? [[name, given[index + 1]] as const] : []));
    return [...flatten(pairs), ...added];
  }
  if (typeof given !== "object") return given;
  if (isIterable(given)) return [...flatten(given), ...added];
  return [...flatten(Object.entries(given).filter(([, value]) => value !== undefined)), ...added];
}

function isIterable(headers: object): headers is Iterable<readonly [unknown, unknown]> {
  return Symbol.iterator in headers;
}

/** Ends the span by whichever of undici's two kinds of handler this is. */
function observe<H extends object>(handler: H, scope: SpanScope): H {
  let status = 0;
  let headers: unknown;
  const end = () => endRequest(scope, status, headers);
  const fail = (error: unknown) => scope.fail(error);
  return overrideMethods(handler, {
    onResponseStart:
      (original) =>
      (...given) => {
        status = Number(given[1]);
        headers = given[2];
        return original(...given);
      },
    onHeaders:
      (original) =>
      (code, ...rest) => {
        status = Number(code);
        return original(code, ...rest);
      },
    onResponseEnd: after(end),
    onComplete: after(end),
    onResponseError: (original) => (controller, error) => {
      fail(error);
      return original(controller, error);
    },
    onError: (original) => (error) => {
      fail(error);
      return original(error);
    },
  });
}

function after(end: () => void) {
  return (original: (...given: unknown[]) => unknown) =>
    (...given: unknown[]) => {
      end();
      return original(...given);
    };
}
