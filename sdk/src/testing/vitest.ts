import { expect } from "vitest";
import type { SentEvent } from "../event.ts";
import { type EventPattern, matchesEvent } from "./match-event.ts";

declare module "vitest" {
  // The parameters have to be those of vitest's own declaration, to which this adds.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** An SDK with a test or memory exporter has emitted an event like this; of this type, when it is text. */
    toHaveEmitted(pattern: EventPattern | string): R;
  }
}

expect.extend({
  toHaveEmitted(received: unknown, wanted: EventPattern | string) {
    const events = readEmitted(received);
    if (events === undefined)
      return { pass: false, message: () => "expect(…).toHaveEmitted needs an SDK made by createTestThroughline" };
    const pattern = typeof wanted === "string" ? { type: wanted } : wanted;
    const pass = events.some((event) => matchesEvent(event, pattern, (left, right) => this.equals(left, right)));
    return {
      pass,
      message: () =>
        `expected ${pass ? "no event" : "an event"} like\n${this.utils.stringify(pattern)}\namong\n${this.utils.stringify(events)}`,
    };
  },
});

function readEmitted(received: unknown): readonly SentEvent[] | undefined {
  return isEmitting(received) ? received.emitted() : undefined;
}

function isEmitting(value: unknown): value is { emitted(): readonly SentEvent[] } {
  return typeof value === "object" && value !== null && "emitted" in value && typeof value.emitted === "function";
}
