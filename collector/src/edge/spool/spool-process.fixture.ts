import { z } from "zod";
import { openSpool } from "./open-spool.ts";

/** A process that appends numbered entries until it is killed, and says which ones are acknowledged. */
const order = z.object({ directory: z.string(), first: z.int() });

process.once("message", (message) => void run(order.parse(message)));

async function run({ directory, first }: z.infer<typeof order>) {
  const spool = await openSpool({
    directory,
    secret: Buffer.alloc(32, 7),
    maxBytes: 100_000_000,
    segmentBytes: 20_000,
  });
  for (let id = first; ; id++) {
    await spool.append([{ source: "/edge", toText: (sequence) => JSON.stringify({ id, sequence }) }]);
    process.send?.(id);
  }
}
