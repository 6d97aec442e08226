/** Every way in which a request or an operation can fail, by the code that callers see. */
export type ErrorCode =
  | "invalid_request"
  | "unsupported_media_type"
  | "payload_too_large"
  | "unauthenticated"
  | "forbidden"
  | "second_person_required"
  | "not_found"
  | "conflict"
  | "too_many_requests"
  | "unavailable"
  | "timeout"
  | "invalid_configuration"
  | "store_mismatch"
  | "internal";

const STATUS: Record<ErrorCode, number> = {
  invalid_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  second_person_required: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  invalid_configuration: 500,
  store_mismatch: 500,
  internal: 500,
  unavailable: 503,
  timeout: 504,
};

/** Where in the input a problem lies (`path`, such as `/data/objects/0/id`) and what is wrong there. */
export interface Issue {
  path: string;
  message: string;
}

/** An expected failure with a code that maps to one HTTP status; `message` is safe to show to the caller. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly issues: Issue[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; issues?: Issue[]; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.issues = options.issues ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return STATUS[this.code];
  }
}
