import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { parseEvent } from "@throughline/schemas/event-validator";
import { createThroughline, type Throughline, type ThroughlineOptions } from "../throughline.ts";
import type { Problem } from "../problem.ts";

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** What the server does with a request: an answer, none ever, or the end of the connection. */
export type Behaviour = (
  events: readonly { id: string }[],
  request: number,
) => Answer | "silence" | "reset" | undefined;

export interface TestServer {
  url: string;
  /** How often each id was stored. */
  stored: Map<string, number>;
  requests: { events: number; encoding: string; authorization: string; at: number }[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** A real HTTP server that keeps events as the gateway does, and misbehaves when it is told to. */
export async function startTestServer(): Promise<TestServer> {
  const stored = new Map<string, number>();
  const requests: TestServer["requests"] = [];
  let behaviour: Behaviour = () => undefined;
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { "content-encoding": encoding = "", authorization = "" } = request.headers;
      const events: { id: string }[] = JSON.parse((encoding === "gzip" ? gunzipSync(body) : body).toString());
      requests.push({ events: events.length, encoding, authorization, at: Date.now() });
      const answer = behaviour(events, requests.length) ?? store(events, stored);
      if (answer === "reset") request.socket.destroy();
      else if (answer !== "silence") reply(response, answer);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${readPort(server)}`,
    stored,
    requests,
    behave: (next) => {
      behaviour = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** An SDK that sends to a server at once and tries again soon. */
export function connect(
  server: Pick<TestServer, "url">,
  options: Partial<ThroughlineOptions> = {},
): { throughline: Throughline; problems: Problem[] } {
  const problems: Problem[] = [];
  const throughline = createThroughline({
    source: "/erp/group",
    gateway: { url: server.url, key: "tl_test" },
    tracing: "off",
    handleExit: false,
    onProblem: (problem) => void problems.push(problem),
    ...options,
    requests: { lingerMs: 5, firstMs: 10, longestMs: 50, timeoutMs: 2000, ...options.requests },
  });
  throughline.start();
  return { throughline, problems };
}

/** As the gateway does: what is no event is refused, the others are kept. */
export function store(events: readonly unknown[], stored: Map<string, number>): Answer {
  const errors: { path: string; message: string }[] = [];
  let refused = 0;
  events.forEach((event, index) => {
    const parsed = parseEvent(event);
    if (parsed.ok) stored.set(parsed.event.id, (stored.get(parsed.event.id) ?? 0) + 1);
    else {
      refused++;
      errors.push(...parsed.issues.map(({ path, message }) => ({ path: `/${index}${path}`, message })));
    }
  });
  const accepted = events.length - refused;
  return { status: refused === 0 ? 202 : 400, body: JSON.stringify({ accepted, refused, errors }) };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function reply(response: ServerResponse, { status, headers = {}, body = "" }: Answer) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

function readPort(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
