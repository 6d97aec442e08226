import { SpanKind } from "@opentelemetry/api";
import { extractHeaders } from "../carriers/headers.ts";
import type { SpanScope } from "../steps/span-scope.ts";
import type { SpanStarter } from "../steps/span-starter.ts";

interface Destination {
  /** As OpenTelemetry names it, such as `rabbitmq`. */
  system: string;
  /** The queue, subject or topic. */
  name: string;
}

/** The span of a message that is sent. */
export function startSending(throughline: SpanStarter, to: Destination): SpanScope {
  return throughline.startSpan({
    name: `send ${to.name}`,
    kind: SpanKind.PRODUCER,
    attributes: toAttributes(to, "send"),
  });
}

/** The span of a message that is worked on, in the trace that came with it. */
export function startProcessing(throughline: SpanStarter, from: Destination, headers: unknown): SpanScope {
  return throughline.startSpan({
    name: `process ${from.name}`,
    kind: SpanKind.CONSUMER,
    parent: extractHeaders(headers),
    attributes: toAttributes(from, "process"),
  });
}

export function toAttributes({ system, name }: Destination, operation: string): Record<string, string> {
  return {
    "messaging.system": system,
    "messaging.destination.name": name,
    "messaging.operation.name": operation,
  };
}

/** A member of anything; undefined where there is none. */
export function readMember(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
