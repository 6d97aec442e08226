import { type Role, hasRole } from "@throughline/schemas/access";
import type { KeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { AppError } from "@throughline/schemas/error";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import type { ApiEnv } from "./env.ts";
import type { FailureLimit } from "./failure-limit.ts";
import type { Sessions } from "./sessions.ts";

export const SESSION_COOKIE = "throughline_session";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

export interface Gate {
  keys: KeyDirectory;
  sessions: Sessions;
  failures: FailureLimit;
  /** The address that a request came from. */
  findAddress: (c: Context) => string;
}

/** Lets in who shows a key or a session's cookie, and notes who it is. */
export function authenticate(gate: Gate): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const header = c.req.header("authorization");
    const cookie = getCookie(c, SESSION_COOKIE);
    if (header !== undefined) {
      c.set("principal", await getKeyHolder(gate, c, BEARER.exec(header)?.[1] ?? ""));
      c.set("via", "key");
    } else if (cookie === undefined) throw new AppError("unauthenticated", "Sign in, or send a key as a bearer token.");
    else enterBySession(gate, c, cookie);
    await next();
  };
}

/** Who a key stands for. Throws `unauthenticated`, or `too_many_requests` when its address guessed too often. */
export async function getKeyHolder(gate: Gate, c: Context, key: string) {
  const address = gate.findAddress(c);
  const waitSeconds = gate.failures.secondsToWait(address);
  // A known key is let in whatever its neighbours behind the same address do; only unknown ones wait.
  const principal = waitSeconds > 0 ? gate.keys.findKnownPrincipal(key) : await gate.keys.findPrincipal(key);
  if (principal) return principal;
  throw toRefusal(gate, c, "The key is not known here, or was revoked.");
}

/** Counts a failed attempt and says how it is answered. */
export function toRefusal(gate: Gate, c: Context, message: string): AppError {
  const address = gate.findAddress(c);
  const retryAfterSeconds = gate.failures.secondsToWait(address);
  if (retryAfterSeconds > 0)
    return new AppError("too_many_requests", "Too many failed attempts from this address.", { retryAfterSeconds });
  gate.failures.record(address);
  return new AppError("unauthenticated", message);
}

function enterBySession(gate: Gate, c: Context<ApiEnv>, cookie: string) {
  const session = gate.sessions.find(cookie);
  const principal = session && gate.keys.findPrincipalById(session.principalId);
  if (!principal) throw new AppError("unauthenticated", "The session has ended. Sign in again.");
  if (!SAFE_METHODS.has(c.req.method)) assertSameOrigin(c);
  c.set("principal", principal);
  c.set("via", "session");
  c.set("expiresAt", session.expiresAt);
}

/** A browser sends cookies along with what other pages make it do, so a write must come from our own. */
export function assertSameOrigin(c: Context) {
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  const isOwn =
    origin === undefined
      ? site === "same-origin"
      : URL.canParse(origin) && new URL(origin).host === c.req.header("host");
  if (!isOwn || (site !== undefined && site !== "same-origin"))
    throw new AppError("forbidden", "A change with a session's cookie must come from this tower's own pages.");
}

/** Refuses what a browser says comes from another page; programs say nothing of the kind. */
export function assertNotForeign(c: Context) {
  if (c.req.header("origin") !== undefined || c.req.header("sec-fetch-site") !== undefined) assertSameOrigin(c);
}

/** Refuses a principal that has none of the roles. */
export function requireRole(...roles: Role[]): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (!hasRole(c.get("principal"), ...roles))
      throw new AppError("forbidden", `This needs one of the roles ${[...roles, "admin"].join(", ")}.`);
    await next();
  };
}

export const READING_ROLES = ["viewer", "operator", "auditor"] as const;
