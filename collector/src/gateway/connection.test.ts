import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVENT, type TestGateway, startTestGateway } from "./gateway.fixture.ts";

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({ limits: { requestTimeoutMs: 1000 } });
});
afterAll(() => test.stop());

const json = (value: unknown) => JSON.stringify(value);

describe("a connection", () => {
  /** Sends raw bytes and returns what comes back until the connection is closed. */
  async function exchange(head: readonly string[], body: string): Promise<string> {
    const socket = connect(test.gateway.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => undefined);
    socket.write([...head, "", body].join("\r\n"));
    await new Promise((closed) => socket.once("close", closed));
    return answer;
  }
  const head = [
    "POST /v1/events HTTP/1.1",
    "host: x",
    "authorization: Bearer ingest",
    "content-type: application/json",
  ];

  it("whose body never ends is closed with 408 after the time that a request may take", async () => {
    expect(await exchange([...head, "content-length: 1000"], "{")).toContain("408 Request Timeout");
  });

  it("that sends chunks without end is told when they are too many", async () => {
    const chunk = `100000\r\n${" ".repeat(0x100000)}\r\n`;
    const answer = await exchange([...head, "transfer-encoding: chunked"], chunk.repeat(20));

    expect(answer).toContain("413 Payload Too Large");
  });

  it("that says that its body is too large is answered before it has come", async () => {
    expect(await exchange([...head, "content-length: 99999999999", "connection: close"], "")).toContain(
      "413 Payload Too Large",
    );
  });

  it("that asks whether to go on is told no when its key is unknown", async () => {
    const asking = [...head, "content-length: 10", "expect: 100-continue", "connection: close"].map((line) =>
      line.replace("Bearer ingest", "Bearer no"),
    );
    const answer = await exchange(asking, "");

    expect(answer).toContain("401 Unauthorized");
    expect(answer).not.toContain("100 Continue");
  });

  it("that asks whether to go on is told yes when it may send", async () => {
    const socket = connect(test.gateway.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    const body = json(EVENT);
    socket.write(
      [...head, `content-length: ${body.length}`, "expect: 100-continue", "connection: close", "", ""].join("\r\n"),
    );
    await expect.poll(() => answer).toContain("100 Continue");
    socket.write(body);
    await once(socket, "close");

    expect(answer).toContain("202 Accepted");
  });

  it("whose body is longer than it says is closed, and the next one is served", async () => {
    const body = json(EVENT);
    const answer = await exchange([...head, `content-length: ${body.length}`], `${body}garbage\r\n\r\n`);

    expect(answer).toContain("400 Bad Request");
    expect((await test.send("/v1/events", body)).status).toBe(202);
  });

  it("with headers beyond any measure is refused", async () => {
    expect(await exchange([...head, `x-long: ${"x".repeat(40_000)}`], "")).toContain(
      "431 Request Header Fields Too Large",
    );
  });

  it("that breaks off in its body stores nothing and breaks nothing", async () => {
    const socket = connect(test.gateway.port, "127.0.0.1");
    socket.write([...head, "content-length: 1000", "", "[{"].join("\r\n"));
    await expect.poll(() => socket.bytesWritten).toBeGreaterThan(100);
    socket.resetAndDestroy();

    expect((await test.send("/v1/events", json(EVENT))).status).toBe(202);
  });
});
