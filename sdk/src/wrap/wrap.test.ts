import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMemoryExporter } from "../exporters/memory-exporter.ts";
import { type Throughline, createThroughline } from "../throughline.ts";
import { wrapChannel } from "./amqplib.ts";
import { wrapConsumer, wrapProducer } from "./kafkajs.ts";
import { overrideMethods } from "./override-methods.ts";
import { wrapPg } from "./pg.ts";

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/;
let spans: InMemorySpanExporter;
let throughline: Throughline;

beforeEach(() => {
  spans = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  throughline = createThroughline({
    source: "/erp",
    exporter: createMemoryExporter(),
    tracing: provider,
    handleExit: false,
  });
  throughline.start();
});
afterEach(() => {
  for (const api of [trace, context, propagation]) api.disable();
});

const listSpans = () => spans.getFinishedSpans().map(({ name, status }) => `${name} ${status.code}`);

describe("what is wrapped", () => {
  class Client {
    #secret = 7;
    sent: unknown[] = [];
    get size() {
      return this.sent.length;
    }
    send(...given: unknown[]) {
      this.sent.push(...given);
      return this.#secret;
    }
    chain() {
      return this;
    }
  }

  test("stays what it was: its class, its members, its own private parts", () => {
    const client = new Client();
    const wrapped = overrideMethods(client, {
      send: (original) => (given) => original(given, "more"),
      missing: (original) => original,
    });
    expect(wrapped).toBeInstanceOf(Client);
    expect(wrapped.send("a")).toBe(7);
    expect([client.sent, wrapped.size]).toEqual([["a", "more"], 2]);
    expect(Reflect.get(wrapped, "send")).toBe(Reflect.get(wrapped, "send"));
    expect(wrapped.chain()).toBe(client);
    expect("missing" in wrapped).toBe(false);
    wrapped.sent = [];
    expect(client.size).toBe(0);
  });

  test("may be frozen; then it does no more than before", () => {
    const frozen = Object.freeze({ send: () => "sent" });
    expect(overrideMethods(frozen, { send: () => () => "other" }).send()).toBe("sent");
  });
});

describe("a channel", () => {
  function createChannel(fails?: Error) {
    const calls: unknown[][] = [];
    const channel = {
      publish: (...given: unknown[]): boolean => {
        calls.push(given);
        if (fails) throw fails;
        return true;
      },
      sendToQueue: () => true,
      consume: (_: string, handler: (message: object | null) => unknown) => handler,
    };
    return { channel: wrapChannel(throughline, channel), calls };
  }

  test("keeps the host's headers and options, and changes neither", () => {
    const { channel, calls } = createChannel();
    const options = Object.freeze({ persistent: true, headers: Object.freeze({ own: 1 }) });
    expect(channel.publish("orders", "north", Buffer.from("1"), options)).toBe(true);
    expect(calls[0]?.[3]).toEqual({
      persistent: true,
      headers: { own: 1, traceparent: expect.stringMatching(TRACEPARENT) },
    });
    for (const odd of [undefined, null, 7, "text"]) channel.publish("orders", "north", Buffer.from("1"), odd);
    expect(calls).toHaveLength(5);
  });

  test("lets errors pass, when sending as in a consumer, and marks them", async () => {
    const failure = new Error("closed");
    expect(() => createChannel(failure).channel.publish("", "orders", Buffer.from("1"))).toThrow(failure);
    const { channel } = createChannel();
    const consume = channel.consume("orders", () => Promise.reject(failure));
    await expect(consume({ properties: {} })).rejects.toBe(failure);
    expect(listSpans()).toEqual(["send orders 2", "process orders 2"]);
  });

  test("hands the end of a consumer on, and messages of any form", () => {
    const seen: unknown[] = [];
    const consume = createChannel().channel.consume("orders", (message) => void seen.push(message));
    for (const message of [null, {}, { properties: { headers: { traceparent: "x\r\ny" } } }]) consume(message);
    expect(seen).toHaveLength(3);
    expect(listSpans()).toEqual(["process orders 0", "process orders 0"]);
  });
});

describe("Kafka", () => {
  test("each message of a batch gets the trace, unless it brings its own, and what the host gave stays as it is", async () => {
    const sent: unknown[] = [];
    const producer = wrapProducer(throughline, {
      send: async (record: unknown) => void sent.push(record),
      sendBatch: async (batch: unknown) => void sent.push(batch),
    });
    const own = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const record = Object.freeze({
      topic: "t",
      messages: Object.freeze([{ value: "1" }, { value: "2", headers: { traceparent: own } }]),
    });
    await producer.send(record);
    await producer.sendBatch({ topicMessages: [record] });
    const messages = [
      { value: "1", headers: { traceparent: expect.stringMatching(TRACEPARENT) } },
      { value: "2", headers: { traceparent: own } },
    ];
    expect(sent).toEqual([{ topic: "t", messages }, { topicMessages: [{ topic: "t", messages }] }]);
    await producer.send(undefined);
    expect(sent).toHaveLength(3);
  });

  test("a batch has one span with links to the traces in it", async () => {
    const consumer = wrapConsumer(throughline, {
      run: async (config: { eachBatch: (given: unknown) => Promise<void> }) =>
        config.eachBatch({
          batch: {
            topic: "t",
            messages: [{ headers: { traceparent: Buffer.from(`00-${"a".repeat(32)}-${"b".repeat(16)}-01`) } }, {}],
          },
        }),
    });
    await consumer.run({ eachBatch: async () => undefined });
    const [span] = spans.getFinishedSpans();
    expect(span?.links.map((link) => link.context.traceId)).toEqual(["a".repeat(32)]);
  });
});

describe("pg", () => {
  type Callback = (error: Error | null, result?: unknown) => void;
  const client = {
    query: (...given: unknown[]): unknown => {
      const callback = given.at(-1);
      const isBad = given[0] === "bad";
      const failure = Object.assign(new Error("Jane Doe"), { code: "23505" });
      if (typeof callback !== "function") return isBad ? Promise.reject(failure) : Promise.resolve(given.length);
      setImmediate(() => {
        Reflect.apply(callback, undefined, [isBad ? failure : null, "result"]);
      });
      return undefined;
    },
  };

  test("makes a span of each query of a trace, by promise and callback, without texts and values", async () => {
    const wrapped = wrapPg(throughline, client);
    await throughline.withStep({ type: "erp.goods_receipt.posted" }, async (step) => {
      await wrapped.query("-- why\n  insert INTO patients VALUES ('Jane Doe')");
      await wrapped.query({ text: "Drop_everything('Jane Doe')" }, ["Jane Doe"]);
      await expect(wrapped.query("bad")).rejects.toThrow("Jane Doe");
      const active = await new Promise((done) => {
        const finish: Callback = () => done(trace.getSpan(context.active()));
        wrapped.query("SELECT 1", finish);
      });
      expect(active).toBe(step.span);
    });
    expect(listSpans()).toEqual(["INSERT 0", "query 0", "query 2", "SELECT 0", "erp.goods_receipt.posted 0"]);
    expect(spans.getFinishedSpans()[2]?.attributes["error.type"]).toBe("23505");
    expect(
      JSON.stringify(spans.getFinishedSpans().map(({ attributes, status }) => ({ attributes, status }))),
    ).not.toContain("Jane");
  });

  test("makes none outside of a trace, nor of a cursor, and passes on whatever it is given", async () => {
    const wrapped = wrapPg(throughline, client);
    await wrapped.query("SELECT 1");
    const step = throughline.startStep({ type: "erp.goods_receipt.posted" });
    await step.run(() => Promise.all([wrapped.query({ submit: () => undefined }), wrapped.query(), wrapped.query(7)]));
    expect(listSpans()).toEqual([]);
  });
});
