import { writeFileSync } from "node:fs";
import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { pollSource } from "../config/poll-source.ts";
import { toWaitMs } from "./get-page.ts";
import { findNextPage } from "./next-page.ts";
import { pollHttp } from "./poll-http.ts";
import { createSourceParts } from "./source.fixture.ts";
import type { RunningSource } from "./source.ts";

const TIMEOUT = { timeout: 20_000, interval: 20 };
let own: ReturnType<typeof createSourceParts>;
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: string[];
let url: string;
let source: RunningSource | undefined;

beforeEach(async () => {
  own = createSourceParts();
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${z.object({ port: z.int() }).parse(server.address()).port}/orders`;
});
afterEach(async () => {
  await source?.stop();
  server.closeAllConnections();
  server.close();
  own.remove();
});

const start = (options: object = {}) => {
  source = pollHttp(pollSource.parse({ kind: "http-poll", url, every: "PT0.05S", ...options }), own.parts);
  return source;
};
const pages = ['{"items":[1],"next":"b"}', '{"items":[2],"next":"c"}', '{"items":[3]}'];
const byCursor = ({ url: path = "" }: IncomingMessage) =>
  ["b", "c"].indexOf(new URL(path, url).searchParams.get("since") ?? "") + 1;
const expectTexts = (expected: readonly string[]) =>
  expect.poll(() => own.taken.map(({ text }) => text), TIMEOUT).toEqual(expected);

describe("an API that is asked", () => {
  test("gives page after page, from where it stood after a restart, and what did not change once", async () => {
    let isGrown = false;
    answer = (request, response) => {
      const page = byCursor(request);
      response.end(page === 2 && isGrown ? '{"items":[3,4]}' : pages[page]);
    };
    const first = start({ cursor: { from: "body", at: "/next", parameter: "since" } });
    await expectTexts(pages);
    await expect.poll(() => first.completeAt(), TIMEOUT).toBeGreaterThan(0);
    await expect.poll(() => asked.length, TIMEOUT).toBeGreaterThan(5);
    await first.stop();
    isGrown = true;
    asked = [];
    start({ cursor: { from: "body", at: "/next", parameter: "since" } });
    await expectTexts([...pages, '{"items":[3,4]}']);
    expect(new Set(asked)).toEqual(new Set(["/orders?since=c"]));
  });

  test("is followed by its links, and never to another address", async () => {
    answer = ({ url: path }, response) => {
      const link =
        path === "/orders"
          ? '</orders?page=2>; rel="next", </orders?page=9>; rel="last"'
          : '<http://10.0.0.1/x>; rel="next"';
      response.setHeader("link", link).end(`page of ${path}`);
    };
    start({ cursor: { from: "link" } });
    await expectTexts(["page of /orders", "page of /orders?page=2"]);
    await expect.poll(() => asked.length, TIMEOUT).toBeGreaterThan(4);
    expect(new Set(asked)).toEqual(new Set(["/orders", "/orders?page=2"]));
  });

  test("has the same ids for a page that is read again because it could not be kept", async () => {
    answer = (_request, response) => response.end("same");
    own.state.failure = new Error("full");
    const polled = start();
    await expect.poll(() => polled.failure(), TIMEOUT).toBe("unknown");
    own.state.failure = undefined;
    await expectTexts(["same"]);
    await expect.poll(() => polled.failure(), TIMEOUT).toBeUndefined();
    expect(new Set(own.given).size).toBe(1);
  });

  test("is sent the headers of a file, which are never logged, and its refusals are said", async () => {
    const headersFile = join(own.folder, "headers");
    writeFileSync(headersFile, "Authorization: Bearer top-secret\n", { mode: 0o600 });
    let status = 401;
    answer = ({ headers }, response) => {
      response.statusCode = headers.authorization === "Bearer top-secret" ? status : 500;
      response.end("{}");
    };
    const polled = start({ headersFile });
    await expect.poll(() => polled.failure(), TIMEOUT).toBe("it answers 401");
    status = 302;
    await expect.poll(() => polled.failure(), TIMEOUT).toBe("it answers 302");
    status = 200;
    await expectTexts(["{}"]);
    expect(own.logged.join("")).not.toContain("secret");
  });
});

test.each([
  [{}, 0],
  [{ "ratelimit-remaining": "3", "ratelimit-reset": "30" }, 0],
  [{ "ratelimit-remaining": "0", "ratelimit-reset": "30" }, 30_000],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000060" }, 60_000],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1699999999" }, 0],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "never" }, 0],
  [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "999999" }, 3_600_000],
])("a quota of %j asks to wait %d ms", (headers: Record<string, string>, waitMs) => {
  expect(toWaitMs(new Headers(headers), 1_700_000_000_000)).toBe(waitMs);
});

test.each<[string, string, string | undefined]>([
  ['{"meta":{"next":"a&b"}}', "/meta/next", "https://api.example.org/orders?since=a%26b"],
  ['{"meta":{"next":17}}', "/meta/next", "https://api.example.org/orders?since=17"],
  ['{"a/b":"x"}', "/a~1b", "https://api.example.org/orders?since=x"],
  ['{"meta":{"next":null}}', "/meta/next", undefined],
  ['{"meta":{}}', "/meta/__proto__", undefined],
  ["no JSON", "/meta/next", undefined],
])("the cursor of %s at %s leads to the next page", (body, at, next) => {
  const page = { body: Buffer.from(body), headers: new Headers() };
  const cursor = { from: "body" as const, at, parameter: "since" };
  expect(findNextPage(cursor, { page, asked: "https://api.example.org/orders" })).toBe(next);
});
