import { toHeaders } from "../carriers/headers.ts";
import type { SpanScope } from "../steps/span-scope.ts";
import type { SpanStarter } from "../steps/span-starter.ts";
import { readMember, startProcessing, startSending } from "./message-span.ts";
import { type Override, overrideMethods } from "./override-methods.ts";
import { runInSpan } from "./run-in-span.ts";

/** A channel of amqplib, by promises or callbacks, with or without confirmation. */
interface AmqpChannel {
  publish: (...given: never[]) => unknown;
  sendToQueue: (...given: never[]) => unknown;
  consume: (...given: never[]) => unknown;
}

const SYSTEM = "rabbitmq";

/**
 * A channel that makes a span of each message: sending writes the trace into the message's headers, and what a consumer does
 * with a message is in the trace that came with it. On a channel with confirmation a span ends with it.
 */
export function wrapChannel<C extends AmqpChannel>(throughline: SpanStarter, channel: C): C {
  const send = (name: string, options: unknown, work: (carrying: object, watch: Watch) => unknown) => {
    const scope = startSending(throughline, { system: SYSTEM, name });
    const headers = { ...toObject(readMember(options, "headers")), ...toHeaders({ from: scope.context }) };
    return work({ ...toObject(options), headers }, (confirm, call) => runUntilConfirmed(scope, confirm, call));
  };
  const publish: Override =
    (original) =>
    (...[exchange, key, content, options, confirm]) =>
      send(String(exchange === "" ? key : exchange), options, (carrying, watch) =>
        watch(confirm, (confirmed) => original(exchange, key, content, carrying, ...confirmed)),
      );
  const sendToQueue: Override =
    (original) =>
    (...[queue, content, options, confirm]) =>
      send(String(queue), options, (carrying, watch) =>
        watch(confirm, (confirmed) => original(queue, content, carrying, ...confirmed)),
      );
  const consume: Override =
    (original) =>
    (queue, onMessage, ...rest) =>
      original(queue, typeof onMessage === "function" ? observe(String(queue), onMessage) : onMessage, ...rest);
  /** The broker ends a consumer with null. */
  const observe = (name: string, onMessage: Function) => (message: unknown) => {
    const work = (): unknown => Reflect.apply(onMessage, undefined, [message]);
    if (message === null) return work();
    const headers = readMember(readMember(message, "properties"), "headers");
    return runInSpan(startProcessing(throughline, { system: SYSTEM, name }, headers), work);
  };
  return overrideMethods(channel, { publish, sendToQueue, consume });
}

type Watch = (confirm: unknown, call: (confirmed: readonly unknown[]) => unknown) => unknown;

function runUntilConfirmed(scope: SpanScope, confirm: unknown, call: (confirmed: readonly unknown[]) => unknown) {
  if (typeof confirm !== "function") return runInSpan(scope, () => call([]));
  const onConfirm = (...given: unknown[]): unknown => {
    if (given[0] === null || given[0] === undefined) scope.end();
    else scope.fail(given[0]);
    return Reflect.apply(confirm, undefined, given);
  };
  try {
    return scope.run(() => call([onConfirm]));
  } catch (error) {
    scope.fail(error);
    throw error;
  }
}

function toObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
