import type { ClickHouseClient } from "@clickhouse/client";
import type { Question } from "./read-rows.ts";

/** Bits of the store's hash of a key that are looked at: as many as a number holds exactly. */
const HASH_BITS = 52;
/** Two of the bits that are kept stand for a key, so that few keys are taken for others. */
const KEPT_BITS = 29;
const KEPT = 2 ** KEPT_BITS;
const HASH_BYTES = 8;
const SECOND = 2 ** (HASH_BITS - KEPT_BITS);

/** The hash by which `SeenKeys` knows a key, from an expression of 64 bits. */
export function toSeenHash(expression: string): string {
  return `bitAnd(${expression}, ${2 ** HASH_BITS - 1})`;
}

/**
 * Remembers in a fixed 64 MiB which keys the store may already hold, so that what is certainly new is not looked up.
 * A false "seen" costs one look-up; there is no false "new".
 */
export interface SeenKeys {
  has: (hash: number) => boolean;
  add: (hash: number) => void;
}

export function createSeenKeys(): SeenKeys {
  const words = new Uint32Array(KEPT / 32);
  const isSet = (bit: number) => ((words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  const set = (bit: number) => {
    words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (bit & 31));
  };
  return {
    has: (hash) => isSet(hash % KEPT) && isSet(Math.floor(hash / SECOND)),
    add: (hash) => {
      set(hash % KEPT);
      set(Math.floor(hash / SECOND));
    },
  };
}

/** Fills `seen` from a query that returns one hash (UInt64) a row, streamed, so that size does not matter. */
export async function fillSeenKeys(client: ClickHouseClient, seen: SeenKeys, question: Question): Promise<number> {
  const { stream } = await client.exec({
    query: `${question.sql} FORMAT RowBinary`,
    query_params: question.values ?? {},
    clickhouse_settings: { log_comment: question.caller },
  });
  let rest = Buffer.alloc(0);
  let count = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, Buffer.from(chunk)]);
    const whole = bytes.length - (bytes.length % HASH_BYTES);
    for (let offset = 0; offset < whole; offset += HASH_BYTES)
      seen.add(bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 2 ** 32);
    count += whole / HASH_BYTES;
    rest = bytes.subarray(whole);
  }
  return count;
}
