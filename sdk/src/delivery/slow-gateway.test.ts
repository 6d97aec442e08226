import { type Server, type ServerResponse, createServer } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "./gateway.fixture.ts";

const TYPE = "erp.goods_receipt.posted";
let server: Server;
let url: string;
let requests: number;
let answer: (response: ServerResponse, request: number) => void;

beforeEach(async () => {
  requests = 0;
  server = createServer((request, response) => {
    request.resume().on("end", () => answer(response, ++requests));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

/** Writes a character every few milliseconds until the connection is closed. */
function drip(response: ServerResponse, text: (index: number) => string | undefined) {
  response.writeHead(202, { "content-type": "application/json" });
  let index = 0;
  const timer = setInterval(() => {
    const next = text(index++);
    if (next === undefined) response.end();
    if (next === undefined || response.destroyed) clearInterval(timer);
    else response.write(next);
  }, 5);
}

test("a gateway that answers letter by letter is waited for, and the host goes on meanwhile", async () => {
  const slow = '{"accepted":1,"refused":0}';
  answer = (response) => drip(response, (index) => slow[index]);
  const { throughline } = connect({ url });
  throughline.emit({ type: TYPE });
  const delivered = throughline.flush();
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  expect(await delivered).toBe(true);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(10);
  expect(throughline.stats()).toMatchObject({ sent: 1, retries: 0 });
  await throughline.shutdown();
});

test("a gateway whose answer never ends is given up in time and asked again", async () => {
  answer = (response, request) =>
    request === 1 ? drip(response, () => " ") : response.writeHead(202).end('{"accepted":1,"refused":0}');
  const { throughline, problems } = connect({ url }, { requests: { timeoutMs: 200 } });
  throughline.emit({ type: TYPE });
  expect(await throughline.flush()).toBe(true);
  expect(throughline.stats()).toMatchObject({ sent: 1, retries: 1 });
  expect(problems[0]?.message).toContain("no answer in time");
  await throughline.shutdown();
});

test("an answer of many megabytes is not read to its end", async () => {
  answer = (response, request) =>
    response.writeHead(202).end(request === 1 ? "x".repeat(20_000_000) : '{"accepted":1,"refused":0}');
  const { throughline } = connect({ url });
  throughline.emit({ type: TYPE });
  expect(await throughline.flush()).toBe(true);
  expect(throughline.stats()).toMatchObject({ sent: 1, retries: 1 });
  await throughline.shutdown();
});
