import type { MiddlewareHandler } from "hono";

const PAGES = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Tells browsers to run only our own scripts, to frame us nowhere and to guess no types. */
export function setSecurityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    headers.set("content-security-policy", PAGES);
    headers.set("x-content-type-options", "nosniff");
    headers.set("x-frame-options", "DENY");
    headers.set("referrer-policy", "no-referrer");
    headers.set("cross-origin-opener-policy", "same-origin");
    headers.set("cross-origin-resource-policy", "same-origin");
    headers.set("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    if (isHttps(c.req.header("x-forwarded-proto"), c.req.url))
      headers.set("strict-transport-security", "max-age=31536000");
  };
}

/** True when the browser came by https, as far as the proxy or the URL says. */
export function isHttps(forwardedProto: string | undefined, url: string): boolean {
  return (forwardedProto?.split(",")[0]?.trim() ?? new URL(url).protocol.slice(0, -1)) === "https";
}
