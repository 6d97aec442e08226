import { type Link, SpanKind, trace } from "@opentelemetry/api";
import { extractHeaders, toHeaders } from "../carriers/headers.ts";
import type { SpanScope } from "../steps/span-scope.ts";
import type { SpanStarter } from "../steps/span-starter.ts";
import { readMember, startProcessing, startSending, toAttributes } from "./message-span.ts";
import { type Override, overrideMethods } from "./override-methods.ts";
import { runInSpan } from "./run-in-span.ts";

interface KafkaProducer {
  send: (...given: never[]) => unknown;
  sendBatch: (...given: never[]) => unknown;
}

interface KafkaConsumer {
  run: (...given: never[]) => unknown;
}

const SYSTEM = "kafka";
const MAX_LINKS = 32;

/**
 * A producer, or one of its transactions, that makes a span of each call and writes its trace into the headers of every message
 * that has none of its own.
 */
export function wrapProducer<P extends KafkaProducer>(throughline: SpanStarter, producer: P): P {
  const send: Override = (original) => (record) => {
    const scope = startSending(throughline, { system: SYSTEM, name: String(readMember(record, "topic")) });
    return runInSpan(scope, () => original(carry(record, scope)));
  };
  const sendBatch: Override = (original) => (batch) => {
    const records = readMember(batch, "topicMessages");
    if (!Array.isArray(records) || typeof batch !== "object") return original(batch);
    const topics = new Set(records.map((record) => String(readMember(record, "topic"))));
    const scope = startSending(throughline, { system: SYSTEM, name: [...topics].join(",") });
    const topicMessages = records.map((record) => carry(record, scope));
    return runInSpan(scope, () => original({ ...batch, topicMessages }));
  };
  const transaction: Override = (original) => async () => {
    const opened = await original();
    return isProducer(opened) ? wrapProducer(throughline, opened) : opened;
  };
  return overrideMethods(producer, { send, sendBatch, transaction });
}

/**
 * A consumer whose `eachMessage` runs in the trace that came with the message. A batch has one span for all of it, with links to
 * the first 32 traces in it; `extractHeaders` tells that of a single message.
 */
export function wrapConsumer<C extends KafkaConsumer>(throughline: SpanStarter, consumer: C): C {
  const run: Override = (original) => (config) => {
    if (typeof config !== "object" || config === null) return original(config);
    const each = readMember(config, "eachMessage");
    const batch = readMember(config, "eachBatch");
    return original({
      ...config,
      ...(typeof each === "function" && { eachMessage: observe(each, (given) => startMessage(throughline, given)) }),
      ...(typeof batch === "function" && { eachBatch: observe(batch, (given) => startBatch(throughline, given)) }),
    });
  };
  return overrideMethods(consumer, { run });
}

function observe(handler: Function, start: (given: unknown) => SpanScope) {
  return (given: unknown) => runInSpan(start(given), (): unknown => Reflect.apply(handler, undefined, [given]));
}

function startMessage(throughline: SpanStarter, given: unknown): SpanScope {
  const name = String(readMember(given, "topic"));
  return startProcessing(throughline, { system: SYSTEM, name }, readMember(readMember(given, "message"), "headers"));
}

function startBatch(throughline: SpanStarter, given: unknown): SpanScope {
  const batch = readMember(given, "batch");
  const name = String(readMember(batch, "topic"));
  const messages = readMember(batch, "messages");
  return throughline.startSpan({
    name: `process ${name}`,
    kind: SpanKind.CONSUMER,
    links: Array.isArray(messages) ? messages.slice(0, MAX_LINKS).flatMap(toLink) : [],
    attributes: toAttributes({ system: SYSTEM, name }, "process"),
  });
}

function toLink(message: unknown): Link[] {
  const origin = trace.getSpanContext(extractHeaders(readMember(message, "headers")));
  return origin === undefined ? [] : [{ context: origin }];
}

/** A copy of what is sent to a topic: what the host gave stays as it is. */
function carry(record: unknown, scope: SpanScope): unknown {
  const messages = readMember(record, "messages");
  if (typeof record !== "object" || !Array.isArray(messages)) return record;
  return { ...record, messages: messages.map((message) => carryMessage(message, scope)) };
}

function carryMessage(message: unknown, scope: SpanScope): unknown {
  if (typeof message !== "object" || message === null) return message;
  const given = readMember(message, "headers");
  const hasTrace = trace.getSpanContext(extractHeaders(given)) !== undefined;
  if (hasTrace) return message;
  return {
    ...message,
    headers: { ...(typeof given === "object" ? given : undefined), ...toHeaders({ from: scope.context }) },
  };
}

function isProducer(value: unknown): value is KafkaProducer {
  return typeof readMember(value, "send") === "function" && typeof readMember(value, "sendBatch") === "function";
}
