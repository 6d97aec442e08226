import { execFile } from "node:child_process";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { Check } from "./verify.ts";

const runFile = promisify(execFile);
const outcome = z.object({
  isDelivered: z.boolean(),
  memory: z.array(z.number()),
  resident: z.number(),
  spooled: z.number(),
  stats: z.object({ emitted: z.number(), sent: z.number(), retries: z.number() }),
});
const sentEvents = z.array(z.object({ id: z.string() }));

/** The gateway is up for so long, and then misbehaves in one of four ways for as long. */
const PHASE_MS = 700;
/** How much larger than after the first fifth the memory may be at the end. */
const MAX_GROWTH = 1.3;
const MAX_RESIDENT_BYTES = 512 * 1024 * 1024;

/** Emits events in a host of its own while the gateway flaps, and counts what arrived. */
export async function runSdkSoak(options: {
  directory: string;
  events: number;
  say: (line: string) => void;
}): Promise<Check[]> {
  const stored = new Uint8Array(options.events);
  const server = await startFlappingServer(stored);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  options.say(`Emitting ${options.events} events while the gateway comes and goes`);
  const work = { url: `http://127.0.0.1:${port}`, directory: join(options.directory, "spool"), events: options.events };
  const host = join(import.meta.dirname, "sdk-host-process.ts");
  const { stdout } = await runFile(process.execPath, ["--expose-gc", host, JSON.stringify(work)], { maxBuffer: 1e8 });
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  const { isDelivered, memory, resident, spooled, stats } = outcome.parse(JSON.parse(stdout));
  const lost = stored.reduce((sum, times) => sum + (times === 0 ? 1 : 0), 0);
  const early = Math.max(...memory.slice(0, Math.ceil(memory.length / 5)));
  const late = Math.max(...memory.slice(-Math.ceil(memory.length / 5)));
  options.say(
    `${stats.sent} sent with ${stats.retries} retries, at most ${spooled} on disk; in use ${toMiB(early)} MiB early, ${toMiB(late)} MiB late, resident ${toMiB(resident)} MiB`,
  );
  return [
    { name: "everything is delivered", finding: isDelivered ? "" : "the time was over" },
    { name: "every event is at the gateway", finding: lost === 0 ? "" : `${lost} are lost` },
    {
      name: "every event is counted once",
      finding: stats.sent === options.events ? "" : `${stats.sent} of ${options.events}`,
    },
    { name: "the gateway was away", finding: stats.retries > 0 ? "" : "no request was sent twice" },
    { name: "the disk was used", finding: spooled > 0 ? "" : "nothing was spooled" },
    {
      name: "memory stays flat",
      finding: late <= early * MAX_GROWTH ? "" : `${toMiB(early)} MiB in use became ${toMiB(late)} MiB`,
    },
    {
      name: "memory stays small",
      finding: resident <= MAX_RESIDENT_BYTES ? "" : `${toMiB(resident)} MiB were resident`,
    },
  ];
}

/** Identities, not requests: an event whose acknowledgement was lost comes again and changes nothing. */
async function startFlappingServer(stored: Uint8Array): Promise<Server> {
  const began = Date.now();
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const phase = Math.floor((Date.now() - began) / PHASE_MS);
    const trouble = phase % 2 === 0 ? undefined : TROUBLES[((phase - 1) / 2) % TROUBLES.length];
    const body = Buffer.concat(chunks);
    const events = sentEvents.parse(JSON.parse((isGzip(request) ? gunzipSync(body) : body).toString()));
    // Some are stored although the host does not hear of it.
    if (trouble === undefined || trouble === "reset")
      for (const { id } of events) stored[Number(id)] = (stored[Number(id)] ?? 0) + 1;
    if (trouble === "reset") request.socket.destroy();
    else if (trouble !== "silence")
      response.writeHead(trouble ?? 202).end(JSON.stringify({ accepted: events.length, refused: 0 }));
  };
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

const TROUBLES = [503, "reset", 500, "silence"] as const;

function isGzip({ headers }: IncomingMessage): boolean {
  return headers["content-encoding"] === "gzip";
}

function toMiB(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
