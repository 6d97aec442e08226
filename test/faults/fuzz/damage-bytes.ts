import type { Random } from "./random.ts";

const SIGNS = Buffer.from("*~|^&\\<>{}[]\",:;=\r\n\0 ISAMSH/'-0");
const MAX_REPEATS = 40;
const MAX_PIECE = 2000;

/** Changes bytes at one place: cuts, doubles, sets, inserts or repeats them, whatever they are. */
export function damageBytes(bytes: Buffer, random: Random): Buffer {
  const [first, second] = [random.below(bytes.length + 1), random.below(bytes.length + 1)];
  const [start, end] = [Math.min(first, second), Math.max(first, second)];
  const piece = bytes.subarray(start, end);
  const sign = Buffer.from([random.below(2) === 0 ? random.below(256) : (random.of([...SIGNS]) ?? 0)]);
  const middle = random.of([
    () => [],
    () => [piece, piece],
    () => [sign, piece],
    () => [sign, bytes.subarray(start + 1, end)],
    () => Array.from({ length: random.below(MAX_REPEATS) }, () => piece.subarray(0, MAX_PIECE)),
    () => Array.from({ length: random.below(MAX_REPEATS) * 100 }, () => sign),
  ]);
  return Buffer.concat([bytes.subarray(0, start), ...(middle?.() ?? []), bytes.subarray(end)]);
}
