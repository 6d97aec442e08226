import { once } from "node:events";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { type Server, createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const received = z.array(z.looseObject({ id: z.string(), source: z.string(), type: z.string(), sequence: z.string() }));

export type ReceivedEvent = z.infer<typeof received>[number];

/** Stands where the gateway is, takes everything and tells of it; it can go away and come back under the same address. */
export async function startGatewayStub(onEvents: (events: readonly ReceivedEvent[]) => void) {
  const port = await findFreePort();
  let server: Server | undefined;
  const open = async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const events = received.parse(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()));
        onEvents(events);
        response.writeHead(202).end(JSON.stringify({ accepted: events.length, refused: 0 }));
      });
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const close = async () => {
    const listening = server;
    server = undefined;
    if (listening === undefined) return;
    const closed = once(listening, "close");
    listening.closeAllConnections();
    listening.close();
    await closed;
  };
  await open();
  return { url: `http://127.0.0.1:${port}`, open, close };
}
