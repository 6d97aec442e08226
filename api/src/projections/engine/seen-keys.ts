import type { ClickHouseClient } from "@clickhouse/client";
import { SEEN_BITS } from "./fact-columns.ts";
import type { Question } from "./read-rows.ts";

/**
 * Remembers in a fixed 64 MiB which keys the store may already hold, so that what is certainly new is not looked up.
 * A false "seen" costs one look-up; there is no false "new".
 */
export interface SeenKeys {
  has: (hash: number) => boolean;
  add: (hash: number) => void;
}

export function createSeenKeys(): SeenKeys {
  const bits = new Uint32Array(2 ** (SEEN_BITS - 5));
  return {
    has: (hash) => ((bits[hash >>> 5] ?? 0) & (1 << (hash & 31))) !== 0,
    add: (hash) => {
      bits[hash >>> 5] = (bits[hash >>> 5] ?? 0) | (1 << (hash & 31));
    },
  };
}

/** Fills `seen` from a query that returns one UInt32 a row, streamed, so that size does not matter. */
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
    const whole = bytes.length - (bytes.length % 4);
    for (let offset = 0; offset < whole; offset += 4) seen.add(bytes.readUInt32LE(offset));
    count += whole / 4;
    rest = bytes.subarray(whole);
  }
  return count;
}
