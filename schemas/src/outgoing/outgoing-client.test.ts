import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOutgoingClient, type OutgoingClient, type OutgoingOptions } from "./outgoing-client.ts";
import { parseAllowedAddresses } from "./vet-address.ts";

const LOOPBACK = parseAllowedAddresses(["127.0.0.1"]);
const requests: { method: string; url: string; host: string; body: string }[] = [];
const clients: OutgoingClient[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function answer(request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const { method = "", url = "", headers } = request;
  requests.push({ method, url, host: headers.host ?? "", body: Buffer.concat(chunks).toString() });
  if (url === "/away") response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end();
  else if (url === "/slow") response.writeHead(200).flushHeaders();
  else if (url === "/endless") pour(response);
  else response.writeHead(200, { "content-type": "text/plain" }).end("taken");
}

/** Writes until the other side has had enough. */
function pour(response: ServerResponse) {
  while (!response.destroyed && response.write("x".repeat(65_536)));
  if (!response.destroyed) response.once("drain", () => pour(response));
}

function createClient(options: Partial<OutgoingOptions> = {}): OutgoingClient {
  const client = createOutgoingClient({ allowed: LOOPBACK, ...options });
  clients.push(client);
  return client;
}

const get = (client: OutgoingClient, path: string, host = "127.0.0.1") =>
  client.send({ url: `http://${host}:${port}${path}`, method: "GET" });

describe("a request", () => {
  test("is sent with its body to an allowed address, under the name that was asked for", async () => {
    const client = createClient({ resolve: () => Promise.resolve(["127.0.0.1"]) });
    const reply = await client.send({ url: `http://uptime.example:${port}/beat?a=1`, method: "POST", body: "hello" });
    expect(reply).toMatchObject({ status: 200, body: "taken", isCut: false });
    expect(requests.at(-1)).toEqual({
      method: "POST",
      url: "/beat?a=1",
      host: `uptime.example:${port}`,
      body: "hello",
    });
  });

  test("does not follow a redirection", async () => {
    const before = requests.length;
    expect((await get(createClient(), "/away")).status).toBe(302);
    expect(requests.slice(before).map(({ url }) => url)).toEqual(["/away"]);
  });

  test("reads no more of a reply than it may, and ends the connection", async () => {
    const reply = await get(createClient({ maxReplyBytes: 1000 }), "/endless");
    expect([reply.body.length, reply.isCut]).toEqual([1000, true]);
  });

  test("ends when it takes too long", async () => {
    await expect(get(createClient({ timeoutMs: 100 }), "/slow")).rejects.toMatchObject({ code: "timeout" });
  });

  test("says that nobody answers", async () => {
    const client = createClient({
      resolve: () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" })),
    });
    await expect(get(client, "/", "gone.example")).rejects.toMatchObject({
      code: "unavailable",
      message: `gone.example:${port} cannot be reached: ENOTFOUND.`,
    });
    const closed = createClient();
    await expect(closed.send({ url: "http://127.0.0.1:1/", method: "GET" })).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});

describe("the guard", () => {
  test.each(["127.0.0.1", "127.1", "0x7f.0.0.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]"])(
    "keeps a request from the literal %s",
    async (host) => {
      const before = requests.length;
      await expect(get(createClient({ allowed: [] }), "/", host)).rejects.toMatchObject({ code: "forbidden" });
      expect(requests.length).toBe(before);
    },
  );

  test("refuses a name when one of its addresses is forbidden, wherever it stands", async () => {
    for (const addresses of [
      ["127.0.0.1", "10.0.0.1"],
      ["169.254.169.254", "127.0.0.1"],
    ]) {
      const client = createClient({ resolve: () => Promise.resolve(addresses) });
      await expect(get(client, "/", "two.example")).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  test("connects to what it has vetted: the name is looked up once for a connection", async () => {
    let looks = 0;
    const client = createClient({
      resolve: () => Promise.resolve([looks++ === 0 ? "127.0.0.1" : "10.0.0.1"]),
    });
    expect((await get(client, "/first", "rebound.example")).status).toBe(200);
    expect(looks).toBe(1);
  });

  test.each(["file:///etc/passwd", "ftp://example.com/", "not a url", "http://user:secret@example.com/"])(
    "refuses the address %s without repeating it",
    async (url) => {
      const refusal = createClient().send({ url, method: "GET" });
      await expect(refusal).rejects.toMatchObject({ code: "invalid_request" });
      await expect(refusal).rejects.not.toThrow("secret");
    },
  );
});
