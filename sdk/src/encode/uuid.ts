import { randomFillSync } from "node:crypto";

const POOL_BYTES = 8192;
const BYTES_PER_ID = 8;
const COUNTER_LIMIT = 0x1000;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Makes UUIDv7 as RFC 9562 has them: 48 bits of time, a counter of 12 bits that keeps those of one millisecond in order, 62
 * random bits. More than 4,096 of one millisecond borrow from the next.
 */
export function createUuidSource(): (nowMs: number) => string {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  let lastMs = -1;
  let counter = 0;
  let prefix = "";
  const byte = () => pool[used++] ?? 0;
  const hex = () => HEX[byte()] ?? "";
  const advance = (nowMs: number) => {
    if (nowMs > lastMs) lastMs = nowMs;
    else if (++counter < COUNTER_LIMIT) return;
    else lastMs++;
    counter = (byte() << 3) & 0x7ff;
    const time = lastMs.toString(16).padStart(12, "0");
    prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  };
  return (nowMs) => {
    if (used + BYTES_PER_ID + 1 > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    advance(nowMs);
    const variant = HEX[(byte() & 0x3f) | 0x80] ?? "";
    const order = `${HEX[counter >> 4] ?? ""}${(counter & 15).toString(16)}`;
    return `${prefix}${order}-${variant}${hex()}-${hex()}${hex()}${hex()}${hex()}${hex()}${hex()}`;
  };
}
