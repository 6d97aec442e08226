import type { Principal } from "@throughline/schemas/access";
import type { OpenAPIHono } from "@hono/zod-openapi";

/** What travels with a request through the API. */
export interface ApiEnv {
  Variables: {
    requestId: string;
    principal: Principal;
    via: "key" | "session";
    /** When the session ends; undefined for a key. */
    expiresAt: number | undefined;
  };
}

export type ApiApp = OpenAPIHono<ApiEnv>;
