import { setImmediate as nextTurn } from "node:timers/promises";
import { createThroughline } from "@throughline/sdk";
import { z } from "zod";

/** A host that emits as many events as it is told, at most a few thousand ahead of what has left its memory, and prints what became of them. */
const work = z
  .object({ url: z.string(), directory: z.string(), events: z.number() })
  .parse(JSON.parse(process.argv[2] ?? "{}"));
const MAX_WAITING = 10_000;
const SAMPLE_EVERY = 10_000;

const throughline = createThroughline({
  source: "/erp/group",
  gateway: { url: work.url, key: "tl_soak" },
  spool: { directory: work.directory, maxBytes: 1024 * 1024 * 1024, sync: "never" },
  requests: { lingerMs: 100, firstMs: 50, longestMs: 500, timeoutMs: 500 },
  tracing: "off",
});
throughline.start();

/** Bytes that are in use, by sample, and the most that the process has held. */
const memory: number[] = [];
let resident = 0;
let spooled = 0;
for (let index = 0; index < work.events; index++) {
  throughline.emit({
    type: "erp.goods_receipt.posted",
    id: `${index}`,
    objects: [{ type: "goods_receipt", id: `${index}` }],
  });
  if (index % 1000 !== 0) continue;
  do await nextTurn();
  while (throughline.stats().queued > MAX_WAITING);
  if (index % SAMPLE_EVERY === 0) sample();
  spooled = Math.max(spooled, throughline.stats().spooled);
}
const isDelivered = await throughline.shutdown(600_000);
process.stdout.write(JSON.stringify({ isDelivered, memory, resident, spooled, stats: throughline.stats() }));

function sample() {
  resident = Math.max(resident, process.memoryUsage().rss);
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  memory.push(heapUsed + external);
}
