import type { ErrorClass, EventError } from "../event.ts";

/** An error that says who has to act. Thrown inside `withStep`, it becomes the event's error as it is. */
export class StepError extends Error {
  readonly class: ErrorClass;
  readonly code: string | undefined;
  readonly retryable: boolean | undefined;

  constructor(
    errorClass: ErrorClass,
    message: string,
    options: { code?: string; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "StepError";
    this.class = errorClass;
    this.code = options.code;
    this.retryable = options.retryable;
  }

  toEventError(): EventError {
    return {
      class: this.class,
      message: this.message,
      ...(this.code !== undefined && { code: this.code }),
      ...(this.retryable !== undefined && { retryable: this.retryable }),
    };
  }
}
