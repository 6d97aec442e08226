import type { SpanStarter } from "../steps/span-starter.ts";
import { type ServerOptions, beginRequest } from "./server-span.ts";

/** As much of a request of express, connect or node as is used. */
interface ExpressRequest {
  method?: string | undefined;
  headers: object;
  baseUrl?: string;
  route?: unknown;
}

interface ExpressResponse {
  statusCode: number;
  writableFinished: boolean;
  once(event: "close", listener: () => void): unknown;
}

/** `app.use(createExpressMiddleware(throughline))`, before the routes: a span around each request, in the trace that came with it. For express 4 and 5. */
export function createExpressMiddleware(
  throughline: SpanStarter,
  options: ServerOptions = {},
): (request: ExpressRequest, response: ExpressResponse, next: () => void) => void {
  return (request, response, next) => {
    const { method = "", headers } = request;
    const span = beginRequest(throughline, { method, headers }, options);
    response.once("close", () => {
      if (response.writableFinished) span.end({ status: response.statusCode, route: readRoute(request) });
      else span.abort();
    });
    span.run(next);
  };
}

/** The pattern of the route that answered; a list or a regular expression has no text of its own. */
function readRoute({ baseUrl = "", route }: ExpressRequest): string | undefined {
  const path: unknown = typeof route === "object" && route !== null ? Reflect.get(route, "path") : undefined;
  return typeof path === "string" ? `${baseUrl}${path}` : undefined;
}
