import type { SpanScope } from "../steps/span-scope.ts";

/** Runs work with the span active and ends the span with it, when a promise comes back with that. What is returned or thrown passes through. */
export function runInSpan(scope: SpanScope, work: () => unknown): unknown {
  try {
    const result = scope.run(work);
    if (!isPromise(result)) {
      scope.end();
      return result;
    }
    const passed: unknown = Reflect.apply(result.then, result, [
      (value: unknown) => {
        scope.end();
        return value;
      },
      (error: unknown) => {
        scope.fail(error);
        throw error;
      },
    ]);
    return passed;
  } catch (error) {
    scope.fail(error);
    throw error;
  }
}

function isPromise(value: unknown): value is object & { then: (...given: unknown[]) => unknown } {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
