const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"]);

/** A method that is not known would make names of spans without end. */
export function toKnownMethod(method: unknown): string {
  const upper = typeof method === "string" ? method.toUpperCase() : "";
  return METHODS.has(upper) ? upper : "_OTHER";
}
