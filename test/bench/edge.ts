import { renameSync, writeFileSync } from "node:fs";
import { type Socket, connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  configureCollector,
  endCollector,
  startCollector,
  toInventoryFile,
  toOrderMessage,
} from "../edge/collector-process.ts";
import { startGatewayStub } from "../edge/gateway-stub.ts";
import { type BenchContext, type Figure, readCpuSeconds, readMemoryBytes, readNumber } from "./harness.ts";

const RATE = 100;
const CONNECTIONS = 8;
const MIB = 1_048_576;
const LOOK_MS = 250;
const ARRIVE_MS = 30_000;
const START = Buffer.from([0x0b]);
const END = Buffer.from([0x1c, 0x0d]);

/** Puts so many events on their way at the rate, numbered from `first`; returns when the edge has them. */
type Load = (first: number, count: number) => Promise<void>;

/**
 * What an edge collector costs its machine at 100 messages/s over MLLP, and at 100 rows/s in files: resident memory and share of a core. It
 * runs as a site runs it, in a process that has been started before, and each load runs for a while (`--warm` seconds) before it is measured.
 */
export async function run(context: BenchContext): Promise<Figure[]> {
  const seconds = readNumber(context, "seconds", 30);
  const warm = readNumber(context, "warm", 15);
  let arrived = 0;
  const gateway = await startGatewayStub((events) => {
    arrived += events.filter(({ type }) => !type.startsWith("throughline.")).length;
  });
  context.defer(gateway.close);
  const edge = await configureCollector(context.directory, gateway.url);
  // The first start leaves what it compiled; a site's next one finds it.
  await endCollector(await startCollector(edge.file), "SIGTERM");
  const child = await startCollector(edge.file);
  context.defer(() => endCollector(child, "SIGTERM"));
  const pid = child.pid ?? 0;
  let sent = 0;
  const put = async (load: Load, forSeconds: number) => {
    const first = sent;
    sent += RATE * forSeconds;
    await load(first, RATE * forSeconds);
  };
  const measure = async (what: string, load: Load): Promise<Figure[]> => {
    context.say(`${what} for ${seconds} s, after ${warm} s`);
    await put(load, warm);
    const memory: number[] = [];
    const looking = setInterval(() => memory.push(readMemoryBytes(pid)), LOOK_MS);
    const [cpu, began] = [readCpuSeconds(pid), performance.now()];
    await put(load, seconds);
    const share = ((readCpuSeconds(pid) - cpu) / ((performance.now() - began) / 1000)) * 100;
    clearInterval(looking);
    const until = Date.now() + ARRIVE_MS;
    const isWhole = () => arrived >= sent;
    while (!isWhole() && Date.now() < until) await pause(LOOK_MS);
    if (arrived !== sent) throw new Error(`${arrived} of ${sent} events arrived by the end of ${what}.`);
    const resident = Math.max(...memory) / MIB;
    return [
      { name: `edge, ${what}: resident memory`, value: resident, unit: "MiB", must: 120, higherIsBetter: false },
      { name: `edge, ${what}: share of a core`, value: share, unit: "%", must: 5, higherIsBetter: false },
    ];
  };
  const overMllp = (connections: number): Load => {
    return (first, count) => sendMessages(edge.mllpPort, { first, count, connections });
  };
  return [
    ...(await measure(`${RATE} messages/s over MLLP`, overMllp(1))),
    ...(await measure(`${RATE} messages/s over MLLP on ${CONNECTIONS} connections`, overMllp(CONNECTIONS))),
    ...(await measure(`${RATE} rows/s in files`, (first, count) => dropFiles(edge.drop, { first, count }))),
  ];
}

/** Sends at the rate over connections in turn; returns when all are acknowledged. */
async function sendMessages(
  port: number,
  { first, count, connections }: { first: number; count: number; connections: number },
): Promise<void> {
  let acknowledged = 0;
  const done = Promise.withResolvers<void>();
  const sockets: Socket[] = [];
  for (let at = 0; at < connections; at++) {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.on("data", (chunk: Buffer) => {
      acknowledged += chunk.toString("latin1").split("MSA|AA|").length - 1;
      if (acknowledged >= count) done.resolve();
    });
    socket.on("close", () => done.reject(new Error("The edge closed a connection.")));
    sockets.push(socket);
  }
  const began = performance.now();
  for (let sent = 0; sent < count; sent++) {
    const waitMs = began + (sent * 1000) / RATE - performance.now();
    if (waitMs > 0) await pause(waitMs);
    const message = Buffer.concat([START, Buffer.from(toOrderMessage(first + sent)), END]);
    sockets[sent % connections]?.write(message);
  }
  await done.promise;
  for (const socket of sockets) socket.destroy();
}

/** A file each second, with the rows of that second. */
async function dropFiles(folder: string, { first, count }: { first: number; count: number }): Promise<void> {
  for (let row = first; row < first + count; row += RATE) {
    const name = `${String(row).padStart(9, "0")}.csv`;
    writeFileSync(join(folder, `.${name}`), toInventoryFile(row, RATE));
    renameSync(join(folder, `.${name}`), join(folder, name));
    await pause(1000);
  }
}
