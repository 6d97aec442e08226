import { type WritableHeaders, injectHeaders } from "../carriers/headers.ts";
import type { SpanScope } from "../steps/span-scope.ts";
import type { SpanStarter } from "../steps/span-starter.ts";
import { readMember, startProcessing, startSending } from "./message-span.ts";
import { type Override, overrideMethods } from "./override-methods.ts";
import { runInSpan } from "./run-in-span.ts";

/** A connection of NATS, or a client of JetStream. */
interface NatsPublisher {
  publish: (...given: never[]) => unknown;
}

/** A message of NATS or JetStream. */
interface NatsMessage {
  subject: string;
  headers?: object | undefined;
}

const SYSTEM = "nats";

/**
 * A connection, or a client of JetStream, that makes a span of each message that it publishes or asks for, and of each that comes to the
 * callback of a subscription. `headers` is the function of that name of `@nats-io/nats-core`. For subscriptions that are iterated there is
 * `processMessage`.
 */
export function wrapNats<C extends NatsPublisher>(
  throughline: SpanStarter,
  client: C,
  headers: () => WritableHeaders,
): C {
  const send: Override =
    (original) =>
    (...[subject, payload, options, ...rest]) => {
      const name = String(subject);
      const scope = startSending(throughline, { system: SYSTEM, name });
      const given = readMember(options, "headers");
      const carrying = isHeaders(given) ? given : headers();
      injectHeaders(carrying, { from: scope.context });
      const all = { ...(typeof options === "object" ? options : undefined), headers: carrying };
      return runInSpan(scope, () => original(subject, payload, all, ...rest));
    };
  const subscribe: Override = (original) => (subject, options) => {
    const callback = readMember(options, "callback");
    if (typeof callback !== "function" || typeof options !== "object") return original(subject, options);
    const observed = (error: unknown, message: unknown): unknown => {
      const work = (): unknown => Reflect.apply(callback, undefined, [error, message]);
      return isMessage(message) ? runInSpan(startMessage(throughline, message), work) : work();
    };
    return original(subject, { ...options, callback: observed });
  };
  return overrideMethods(client, { publish: send, request: send, requestMany: send, subscribe });
}

/** Runs work on a message as a span, in the trace that came with it. What it returns or throws passes through. */
export async function processMessage<R>(
  throughline: SpanStarter,
  message: NatsMessage,
  work: () => R | Promise<R>,
): Promise<R> {
  const scope = startMessage(throughline, message);
  try {
    const result = await scope.run(work);
    scope.end();
    return result;
  } catch (error) {
    scope.fail(error);
    throw error;
  }
}

function startMessage(throughline: SpanStarter, { subject, headers }: NatsMessage): SpanScope {
  return startProcessing(throughline, { system: SYSTEM, name: subject }, headers);
}

function isHeaders(value: unknown): value is WritableHeaders {
  return typeof value === "object" && value !== null;
}

function isMessage(value: unknown): value is NatsMessage {
  return typeof readMember(value, "subject") === "string";
}
