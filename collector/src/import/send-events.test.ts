import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Event } from "@throughline/schemas/event";
import { type GatewayFixture, startGatewayFixture } from "./gateway.fixture.ts";
import { createSender, type SenderOptions } from "./send-events.ts";

let gateway: GatewayFixture;
let pauses: number[] = [];
beforeEach(async () => {
  gateway = await startGatewayFixture();
  pauses = [];
});
afterEach(() => gateway.stop());

const toEvent = (id: string): Event => ({ specversion: "1.0", id, source: "/a", type: "test.thing.done" });
const createTestSender = (options: Partial<SenderOptions> = {}) =>
  createSender({
    gateway: gateway.url,
    key: "secret",
    wait: (milliseconds) => {
      pauses.push(milliseconds);
      return Promise.resolve();
    },
    ...options,
  });

describe("a batch", () => {
  test("is sent once, with the key", async () => {
    expect(await createTestSender()([toEvent("1"), toEvent("2")])).toEqual([]);
    expect(gateway.requests).toEqual([
      { contentType: "application/cloudevents-batch+json", authorization: "Bearer secret", count: 2 },
    ]);
    expect(gateway.events.map(({ id }) => id)).toEqual(["1", "2"]);
  });

  test("that is empty is not sent", async () => {
    expect(await createTestSender()([])).toEqual([]);
    expect(gateway.requests).toEqual([]);
  });

  test("waits as long as the gateway asks, else longer each time, and is sent again", async () => {
    gateway.answers.push(
      (response) => response.writeHead(429, { "retry-after": "7" }).end(),
      (response) => response.writeHead(503).end(),
      (response) => response.writeHead(503, { "retry-after": "7200" }).end(),
      (response) => response.destroy(),
    );
    expect(await createTestSender()([toEvent("1")])).toEqual([]);
    expect(pauses).toEqual([7000, 500, 30_000, 2000]);
    expect(gateway.events).toHaveLength(1);
  });

  test("stops the import when the gateway stays away", async () => {
    gateway.answers.push(...Array.from({ length: 3 }, () => (response: { destroy: () => void }) => response.destroy()));
    await expect(createTestSender({ maxRetries: 2 })([toEvent("1")])).rejects.toThrow("Start again with --resume");
    expect(pauses).toHaveLength(2);
  });

  test("is halved when it is too large, and what alone is too large is refused", async () => {
    const tooLarge = (response: { writeHead: (status: number) => { end: () => void } }) =>
      response.writeHead(413).end();
    gateway.answers.push(tooLarge, tooLarge, tooLarge);
    expect(await createTestSender()(["1", "2", "3", "4"].map(toEvent))).toEqual([
      { index: 0, reason: "is larger than the gateway takes" },
    ]);
    expect(gateway.events.map(({ id }) => id)).toEqual(["2", "3", "4"]);
  });

  test("names the events that the gateway refused by their places, also in halves", async () => {
    gateway.answers.push((response) => response.writeHead(413).end());
    const wrong: Event = { ...toEvent("3"), time: "soon" };
    const refused = await createTestSender()([toEvent("1"), toEvent("2"), wrong, toEvent("4")]);
    expect(refused).toEqual([{ index: 2, reason: expect.stringContaining("/time must be RFC 3339") }]);
    expect(gateway.events.map(({ id }) => id)).toEqual(["1", "2", "4"]);
  });

  test.each([
    [401, "refuses the key"],
    [403, "refuses the key"],
    [404, "answered 404: nothing here"],
    [400, "refused a batch: nothing here"],
  ])("ends the import at %i with the reason", async (status, message) => {
    gateway.answers.push((response) => response.writeHead(status).end(JSON.stringify({ detail: "nothing here" })));
    await expect(createTestSender()([toEvent("1")])).rejects.toThrow(message);
    expect(pauses).toEqual([]);
  });

  test("is given up when the import is stopped, also while it waits", async () => {
    const stop = new AbortController();
    gateway.answers.push((response) => response.writeHead(503, { "retry-after": "60" }).end());
    const send = createSender({ gateway: gateway.url, signal: stop.signal, onWait: () => stop.abort() });
    await expect(send([toEvent("1")])).rejects.toThrow("The import was stopped");
    await expect(send([toEvent("1")])).rejects.toThrow("The import was stopped");
    expect(gateway.events).toEqual([]);
  });
});
