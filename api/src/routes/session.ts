import { createRoute } from "@hono/zod-openapi";
import type { Principal } from "@throughline/schemas/access";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { type Me, me, type NewSession, newSession, sessionState } from "../contract/session.ts";
import { answersWith, ERRORS } from "../http/answers.ts";
import {
  assertNotForeign,
  assertSameOrigin,
  type Gate,
  getKeyHolder,
  SESSION_COOKIE,
  toRefusal,
} from "../http/authenticate.ts";
import type { ApiDeps } from "../http/deps.ts";
import type { ApiApp } from "../http/env.ts";
import { isHttps } from "../http/security-headers.ts";
import { toInstant } from "../queries/time-range.ts";

const signInRoute = createRoute({
  method: "post",
  path: "/session",
  summary: "Sign in",
  description: "With the one-time code of a sign-in link, or with a key. Answers with a cookie that lasts 12 hours.",
  tags: ["Access"],
  security: [],
  request: { body: { required: true, content: { "application/json": { schema: newSession } } } },
  responses: answersWith(me, "Who is signed in."),
});

const stateRoute = createRoute({
  method: "get",
  path: "/session",
  summary: "Whether there is a session",
  description: "Answered to everybody, so that a page need not be refused to learn that nobody is signed in.",
  tags: ["Access"],
  security: [],
  responses: answersWith(sessionState, "Whether the browser that asks holds a session."),
});

const signOutRoute = createRoute({
  method: "delete",
  path: "/session",
  summary: "Sign out",
  tags: ["Access"],
  security: [],
  responses: { 204: { description: "Signed out." }, ...ERRORS },
});

const meRoute = createRoute({
  method: "get",
  path: "/me",
  summary: "Who asks",
  tags: ["Access"],
  responses: answersWith(me, "Who asks, and what they may do and see."),
});

/** Signing in and out needs no principal, so these come before the gate. */
export function addSessionRoutes(app: ApiApp, { gate, audit }: ApiDeps) {
  app.openapi(signInRoute, async (c) => {
    assertNotForeign(c);
    const body = c.req.valid("json");
    const who = await getPrincipal(gate, c, body);
    const via = "code" in body ? "link" : "key";
    await audit({
      actor: who.id,
      action: "session.open",
      target: who.id,
      detail: { via },
      requestId: c.get("requestId"),
    });
    const { token, expiresAt } = gate.sessions.open(who.id);
    setCookie(c, SESSION_COOKIE, token, toCookieOptions(c, new Date(expiresAt)));
    return c.json(toMe(who, { via: "session", expiresAt }), 200);
  });
  app.openapi(stateRoute, (c) => {
    const session = gate.sessions.find(getCookie(c, SESSION_COOKIE) ?? "");
    const isSignedIn = session !== undefined && gate.keys.findPrincipalById(session.principalId) !== undefined;
    return c.json({ isSignedIn }, 200);
  });
  app.openapi(signOutRoute, (c) => {
    const token = getCookie(c, SESSION_COOKIE);
    if (token !== undefined) {
      assertSameOrigin(c);
      gate.sessions.close(token);
    }
    deleteCookie(c, SESSION_COOKIE, toCookieOptions(c));
    return c.body(null, 204);
  });
}

export function addMeRoute(app: ApiApp) {
  app.openapi(meRoute, (c) =>
    c.json(toMe(c.get("principal"), { via: c.get("via"), expiresAt: c.get("expiresAt") }), 200),
  );
}

async function getPrincipal(gate: Gate, c: Context, body: NewSession): Promise<Principal> {
  if ("key" in body) return getKeyHolder(gate, c, body.key);
  const id = gate.sessions.redeemCode(body.code);
  const who = id === undefined ? undefined : gate.keys.findPrincipalById(id);
  if (who) return who;
  throw toRefusal(gate, c, "The sign-in link was used before, or is older than 15 minutes. Ask for a new one.");
}

function toCookieOptions(c: Context, expires?: Date) {
  const secure = isHttps(c.req.header("x-forwarded-proto"), c.req.url);
  return { path: "/", httpOnly: true, sameSite: "Strict", secure, ...(expires && { expires }) } as const;
}

function toMe(who: Principal, { via, expiresAt }: { via: Me["via"]; expiresAt: number | undefined }): Me {
  return { ...who, via, expiresAt: expiresAt === undefined ? null : toInstant(expiresAt) };
}
