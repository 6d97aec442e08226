import { execFile } from "node:child_process";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { type BenchContext, type Figure, readNumber, toPercentile } from "./harness.ts";

const runFile = promisify(execFile);
const measured = z.object({ values: z.array(z.number()), sent: z.number(), emitted: z.number() });

/** What an event costs a host: the call, and the processor time of everything that follows from 1,000 of them each second. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const seconds = readNumber(context, "seconds", 30);
  const perSecond = readNumber(context, "rate", 1000);
  const blocks = readNumber(context, "blocks", 300);
  const server = await startSink(context);
  const url = `http://127.0.0.1:${readPort(server)}`;
  const usual = { url, blocks, seconds, perSecond, isObserved: true };
  context.say("Measuring the call");
  const calls = await runHost({ ...usual, kind: "emit" });
  context.say(`Measuring ${perSecond} events/s for ${seconds} s, with and without`);
  const [withSdk, without] = await Promise.all([
    runHost({ ...usual, kind: "load" }),
    runHost({ ...usual, kind: "load", isObserved: false }),
  ]);
  const added = ((withSdk.values[0] ?? Number.NaN) - (without.values[0] ?? Number.NaN)) * 100;
  const microseconds = calls.values.toSorted((a, b) => a - b);
  return [
    {
      name: "emit, p50 of blocks",
      value: toPercentile(microseconds, 0.5),
      unit: "µs",
      must: 5,
      aim: 2,
      higherIsBetter: false,
    },
    { name: "emit, p99 of blocks", value: toPercentile(microseconds, 0.99), unit: "µs", higherIsBetter: false },
    {
      name: `processor added at ${perSecond} events/s`,
      value: added,
      unit: "% of a core",
      must: 2,
      aim: 1,
      higherIsBetter: false,
    },
    { name: "events delivered", value: withSdk.sent / withSdk.emitted, unit: "", must: 1, higherIsBetter: true },
  ];
}

async function runHost(work: Record<string, unknown>) {
  const file = join(import.meta.dirname, "sdk-process.ts");
  const { stdout } = await runFile(process.execPath, [file, JSON.stringify(work)], { maxBuffer: 1e8 });
  return measured.parse(JSON.parse(stdout));
}

/** Acknowledges whatever comes. */
async function startSink(context: BenchContext): Promise<Server> {
  const server = createServer((request, response) => void acknowledge(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  context.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

async function acknowledge(request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  const events: unknown = JSON.parse(text.toString());
  response.writeHead(202).end(JSON.stringify({ accepted: Array.isArray(events) ? events.length : 0, refused: 0 }));
}

function readPort(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
