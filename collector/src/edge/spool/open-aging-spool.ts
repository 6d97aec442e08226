import { type Spool, openSpool } from "./open-spool.ts";

/** A spool out of which nothing is taken: what is in it goes by age and by bytes. */
export type AgingSpool = Pick<Spool, "append" | "state" | "close">;

const SHARES = 20;
const HOUR_MS = 3_600_000;

/**
 * Opens a spool whose entries are kept for a time. Bounded by bytes, where the oldest give way, and by age: nothing is kept longer than
 * `maxAgeMs`, and a tenth of that may go earlier, since what is written in a stretch of time goes together. Throws as `openSpool` does.
 */
export async function openAgingSpool(options: {
  directory: string;
  secret: Uint8Array;
  maxBytes: number;
  maxAgeMs: number;
  now: () => number;
}): Promise<AgingSpool> {
  const { maxAgeMs, now } = options;
  const spanMs = Math.max(1, Math.floor(maxAgeMs / SHARES));
  const spool = await openSpool({ ...options, atBound: "drop-oldest" });
  // What was written last in a segment may be a stretch younger than its first entry, and the next look may be as late.
  const sweep = () => spool.dropOlder(now() - maxAgeMs + 2 * spanMs);
  await sweep();
  let begunAt = now();
  const timer = setInterval(() => void sweep().catch(() => undefined), Math.min(HOUR_MS, spanMs));
  return {
    append: async (drafts) => {
      if (now() - begunAt >= spanMs) {
        await spool.rotate();
        begunAt = now();
      }
      await spool.append(drafts);
    },
    state: spool.state,
    close: async () => {
      clearInterval(timer);
      await spool.close();
    },
  };
}
