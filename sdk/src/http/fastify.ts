import type { SpanStarter } from "../steps/span-starter.ts";
import { type ServerOptions, type ServerSpan, beginRequest } from "./server-span.ts";

interface FastifyRequest {
  method: string;
  headers: object;
  routeOptions?: { url?: string | undefined };
}

interface FastifyReply {
  statusCode: number;
}

type Done = (error?: Error) => void;

/** As much of a fastify instance as is used. */
interface FastifyInstance {
  addHook(name: "onRequest", hook: (request: FastifyRequest, reply: FastifyReply, done: Done) => void): unknown;
  addHook(name: "onResponse", hook: (request: FastifyRequest, reply: FastifyReply, done: Done) => void): unknown;
  addHook(name: "onRequestAbort", hook: (request: FastifyRequest, done: Done) => void): unknown;
  addHook(
    name: "onError",
    hook: (...given: [request: FastifyRequest, reply: FastifyReply, error: Error, done: () => void]) => void,
  ): unknown;
}

/**
 * `await app.register(createFastifyPlugin(throughline))`, before the routes: a span around each request, in the trace that came
 * with it. For fastify 4 and 5.
 */
export function createFastifyPlugin(
  throughline: SpanStarter,
  options: ServerOptions = {},
): (instance: FastifyInstance, given: unknown, done: Done) => void {
  const spans = new WeakMap<FastifyRequest, ServerSpan>();
  const errors = new WeakMap<FastifyRequest, unknown>();
  const plugin = (instance: FastifyInstance, _: unknown, done: Done) => {
    instance.addHook("onRequest", (request, _reply, next) => {
      const span = beginRequest(throughline, request, options);
      spans.set(request, span);
      span.run(() => next());
    });
    instance.addHook("onError", (...[request, , error, next]) => {
      errors.set(request, error);
      next();
    });
    instance.addHook("onResponse", (request, { statusCode: status }, next) => {
      spans.get(request)?.end({ status, route: request.routeOptions?.url, error: errors.get(request) });
      next();
    });
    instance.addHook("onRequestAbort", (request, next) => {
      spans.get(request)?.abort();
      next();
    });
    done();
  };
  // Hooks of a plugin count for its own routes only, unless it says that it is none.
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}
