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
const MIB = 1_048_576;
const LOOK_MS = 250;
const ARRIVE_MS = 30_000;
const START = Buffer.from([0x0b]);
const END = Buffer.from([0x1c, 0x0d]);

/**
 * What an edge collector costs its machine at 100 messages/s over MLLP, and at 100 rows/s in files: resident memory and share of a core. It
 * runs as a site runs it, in a process that has been started before.
 */
export async function run(context: BenchContext): Promise<Figure[]> {
  const seconds = readNumber(context, "seconds", 30);
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
  const measure = async (what: string, load: (count: number) => Promise<void>): Promise<Figure[]> => {
    context.say(`${what} for ${seconds} s`);
    const before = arrived;
    const memory: number[] = [];
    const looking = setInterval(() => memory.push(readMemoryBytes(pid)), LOOK_MS);
    const [cpu, began] = [readCpuSeconds(pid), performance.now()];
    await load(RATE * seconds);
    const share = ((readCpuSeconds(pid) - cpu) / ((performance.now() - began) / 1000)) * 100;
    clearInterval(looking);
    const until = Date.now() + ARRIVE_MS;
    const isWhole = () => arrived - before >= RATE * seconds;
    while (!isWhole() && Date.now() < until) await pause(LOOK_MS);
    if (!isWhole()) throw new Error(`${arrived - before} of ${RATE * seconds} events arrived of ${what}.`);
    const resident = Math.max(...memory) / MIB;
    return [
      { name: `edge, ${what}: resident memory`, value: resident, unit: "MiB", must: 120, higherIsBetter: false },
      { name: `edge, ${what}: share of a core`, value: share, unit: "%", must: 5, higherIsBetter: false },
    ];
  };
  return [
    ...(await measure(`${RATE} messages/s over MLLP`, (count) => sendMessages(edge.mllpPort, count))),
    ...(await measure(`${RATE} rows/s in files`, (count) => dropFiles(edge.drop, count))),
  ];
}

/** Sends at the rate over one connection; returns when all are acknowledged. */
async function sendMessages(port: number, count: number): Promise<void> {
  const socket: Socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  let acknowledged = 0;
  const done = Promise.withResolvers<void>();
  socket.on("data", (chunk: Buffer) => {
    acknowledged += chunk.toString("latin1").split("MSA|AA|").length - 1;
    if (acknowledged >= count) done.resolve();
  });
  socket.on("close", () => done.reject(new Error("The edge closed the connection.")));
  const began = performance.now();
  for (let sent = 0; sent < count; sent++) {
    const waitMs = began + (sent * 1000) / RATE - performance.now();
    if (waitMs > 0) await pause(waitMs);
    socket.write(Buffer.concat([START, Buffer.from(toOrderMessage(sent)), END]));
  }
  await done.promise;
  socket.destroy();
}

/** A file each second, with the rows of that second. */
async function dropFiles(folder: string, count: number): Promise<void> {
  for (let first = 0; first < count; first += RATE) {
    const name = `${String(first).padStart(9, "0")}.csv`;
    writeFileSync(join(folder, `.${name}`), toInventoryFile(first, RATE));
    renameSync(join(folder, `.${name}`), join(folder, name));
    await pause(1000);
  }
}
