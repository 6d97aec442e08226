import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Event } from "@throughline/schemas/event";
import { parseEvent } from "@throughline/schemas/event-validator";

export interface GatewayFixture {
  url: string;
  /** Every event taken, in order, repetitions included. */
  events: Event[];
  requests: { contentType: string | undefined; authorization: string | undefined; count: number }[];
  /** Answers of the next requests instead of taking their events. */
  answers: ((response: ServerResponse) => void)[];
  stop: () => Promise<void>;
}

/** A server that takes batches of events as the gateway does: all that are valid, naming the others by their place. */
export async function startGatewayFixture(): Promise<GatewayFixture> {
  const events: Event[] = [];
  const requests: GatewayFixture["requests"] = [];
  const answers: GatewayFixture["answers"] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const batch: unknown = JSON.parse(body);
      if (!Array.isArray(batch)) throw new Error("not a batch");
      const { authorization, "content-type": contentType } = request.headers;
      requests.push({ contentType, authorization, count: batch.length });
      const answer = answers.shift();
      if (answer === undefined) take(batch, events, response);
      else answer(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${toPort(server.address())}`,
    events,
    requests,
    answers,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function take(batch: unknown[], events: Event[], response: ServerResponse): void {
  const errors = batch.flatMap((entry, index) => {
    const parsed = parseEvent(entry);
    if (parsed.ok) events.push(parsed.event);
    return parsed.ok ? [] : parsed.issues.map(({ path, message }) => ({ path: `/${index}${path}`, message }));
  });
  if (errors.length === 0) response.writeHead(202).end();
  else
    response
      .writeHead(400, { "content-type": "application/problem+json" })
      .end(JSON.stringify({ title: "Bad", errors }));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString("utf8");
}

function toPort(address: AddressInfo | string | null): number {
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}
