import type { SpanStarter } from "../steps/span-starter.ts";
import { type ServerOptions, beginRequest } from "./server-span.ts";

/** As much of hono's context as is used. */
interface HonoContext {
  req: { method: string; raw: { headers: object }; routePath?: string };
  res: { status: number };
  error?: Error | undefined;
}

/** `app.use(createHonoMiddleware(throughline))`: a span around each request, in the trace that came with it. For hono 4. */
export function createHonoMiddleware(
  throughline: SpanStarter,
  options: ServerOptions = {},
): (c: HonoContext, next: () => Promise<void>) => Promise<void> {
  return async (c, next) => {
    const span = beginRequest(throughline, { method: c.req.method, headers: c.req.raw.headers }, options);
    try {
      await span.run(next);
      span.end({ status: c.res.status, route: c.req.routePath, error: c.error });
    } catch (error) {
      span.end({ status: 500, route: c.req.routePath, error });
      throw error;
    }
  };
}
