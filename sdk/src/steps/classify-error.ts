import type { ErrorClass, EventError } from "../event.ts";
import { StepError } from "./step-error.ts";

const BY_CODE: Readonly<Record<string, ErrorClass>> = {
  ECONNREFUSED: "transport",
  ECONNRESET: "transport",
  ECONNABORTED: "transport",
  EPIPE: "transport",
  EHOSTUNREACH: "transport",
  ENETUNREACH: "transport",
  ENOTFOUND: "transport",
  EAI_AGAIN: "transport",
  UND_ERR_SOCKET: "transport",
  ETIMEDOUT: "timeout",
  ESOCKETTIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  CERT_HAS_EXPIRED: "auth",
  CERT_NOT_YET_VALID: "auth",
  DEPTH_ZERO_SELF_SIGNED_CERT: "auth",
  ERR_TLS_CERT_ALTNAME_INVALID: "auth",
  SELF_SIGNED_CERT_IN_CHAIN: "auth",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "auth",
};
const BY_STATUS: Readonly<Record<number, ErrorClass>> = {
  400: "contract",
  401: "auth",
  403: "auth",
  408: "timeout",
  409: "duplicate",
  415: "contract",
  422: "contract",
  429: "rate_limit",
  500: "transport",
  502: "transport",
  503: "transport",
  504: "timeout",
};
const BY_NAME: Readonly<Record<string, ErrorClass>> = { TimeoutError: "timeout", SyntaxError: "contract" };
const RETRYABLE = new Set<ErrorClass>(["transport", "timeout", "rate_limit"]);
const MAX_CAUSES = 5;

/**
 * The error of an event from whatever was thrown, by the codes of node and undici, HTTP statuses and names; the causes of
 * an error are asked too. Undefined when nothing tells its class. The message of an error that is not ours may name
 * a patient, so it is left out unless `withText` is set.
 */
export function classifyError(thrown: unknown, withText = false): EventError | undefined {
  let error = thrown;
  for (let depth = 0; depth < MAX_CAUSES && typeof error === "object" && error !== null; depth++) {
    if (error instanceof StepError) return error.toEventError();
    const code: unknown = Reflect.get(error, "code");
    const found = findClass(error, code);
    if (found !== undefined) {
      const message = withText ? readMessage(error) : undefined;
      return {
        class: found,
        ...(typeof code === "string" && { code }),
        ...(message !== undefined && { message }),
        retryable: RETRYABLE.has(found),
      };
    }
    error = Reflect.get(error, "cause");
  }
  return undefined;
}

/** The text of anything that was thrown, if it has one. */
export function readMessage(thrown: unknown): string | undefined {
  if (typeof thrown === "string") return thrown;
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const message: unknown = Reflect.get(thrown, "message");
  return typeof message === "string" ? message : undefined;
}

function findClass(error: object, code: unknown): ErrorClass | undefined {
  if (typeof code === "string" && Object.hasOwn(BY_CODE, code)) return BY_CODE[code];
  for (const member of ["status", "statusCode"]) {
    const status: unknown = Reflect.get(error, member);
    if (typeof status === "number" && Object.hasOwn(BY_STATUS, status)) return BY_STATUS[status];
  }
  const name: unknown = Reflect.get(error, "name");
  return typeof name === "string" && Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
}
