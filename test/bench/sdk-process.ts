import { setTimeout as delay } from "node:timers/promises";
import { type EventInput, createThroughline } from "@throughline/sdk";
import { z } from "zod";

/**
 * A host: `emit` measures calls in blocks, `load` emits at a steady rate and measures its own processor time; with `isObserved`
 * false it does all but the call. Prints one line of JSON.
 */
const work = z
  .object({
    kind: z.enum(["emit", "load"]),
    url: z.string(),
    blocks: z.number(),
    seconds: z.number(),
    perSecond: z.number(),
    isObserved: z.boolean(),
  })
  .parse(JSON.parse(process.argv[2] ?? "{}"));

const BLOCK = 1000;
const TICK_MS = 10;
const WARM_UP_MS = 3000;
const throughline = createThroughline({
  source: "/procurement/north",
  site: "north",
  gateway: { url: work.url, key: "tl_bench" },
  queue: { maxEvents: 200_000, maxBytes: 256 * 1024 * 1024 },
});
throughline.start();

const result = work.kind === "emit" ? await measureCalls() : await measureLoad();
await throughline.shutdown();
const { sent, emitted } = throughline.stats();
process.stdout.write(JSON.stringify({ ...result, sent, emitted }));

/** Microseconds of one call, by block. */
async function measureCalls(): Promise<{ values: number[] }> {
  const values: number[] = [];
  for (let block = 0; block < work.blocks; block++) {
    const events = Array.from({ length: BLOCK }, (_, index) => toEvent(block * BLOCK + index));
    const began = performance.now();
    for (const event of events) throughline.emit(event);
    values.push(performance.now() - began);
    await delay(TICK_MS);
  }
  return { values };
}

/** Processor time as a share of one core, after a while in which the code is compiled. */
async function measureLoad(): Promise<{ values: number[] }> {
  await emitFor(WARM_UP_MS);
  const began = performance.now();
  const cpu = process.cpuUsage();
  await emitFor(work.seconds * 1000);
  const { user, system } = process.cpuUsage(cpu);
  return { values: [(user + system) / 1000 / (performance.now() - began)] };
}

async function emitFor(durationMs: number): Promise<void> {
  const began = performance.now();
  let made = 0;
  let kept = 0;
  for (let elapsedMs = 0; elapsedMs < durationMs; elapsedMs = performance.now() - began) {
    for (const due = (elapsedMs / 1000) * work.perSecond; made < due; made++) {
      const event = toEvent(made);
      kept += event.objects?.length ?? 0;
      if (work.isObserved) throughline.emit(event);
    }
    await delay(TICK_MS);
  }
  if (kept === 0) throw new Error("No event was made.");
}

/** About 550 bytes on the wire. */
function toEvent(index: number): EventInput {
  const line = `45${String(index).padStart(8, "0")}/10`;
  return {
    type: "procurement.purchase_order.issued",
    objects: [
      { type: "purchase_order_line", id: line },
      { type: "requisition", id: `REQ-${index}` },
      { type: "message", id: `NORTHMED/${index}/4/0001` },
      { type: "item", id: "00093415573" },
    ],
    measures: { quantity: { value: "10", unit: "CS" }, amount: { value: "240.00", currency: "USD" } },
    attributes: { receipt_expected: true, criticality: "standard", transaction: "850", channel: "edi" },
  };
}
