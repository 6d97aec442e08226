import { AppError } from "@throughline/schemas/error";

const RETRY_AFTER_SECONDS = 10;

/** Lets so many pieces of work run at once; what comes meanwhile is refused with `too_many_requests`. */
export function createTurnstile(max: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  return async (work) => {
    if (running >= max)
      throw new AppError("too_many_requests", "Others are being evaluated.", {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
    }
  };
}
