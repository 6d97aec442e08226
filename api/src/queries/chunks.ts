/** The store takes values of up to 128 KiB; a character may be four bytes, and an escaped one twice as many. */
const MAX_CHARACTERS = 15_000;
const OVERHEAD = 12;

/** Cuts a list so that each part fits into one value of a question. `lengthOf` counts an item's characters. */
export function toChunks<Item>(items: readonly Item[], lengthOf: (item: Item) => number): Item[][] {
  const chunks: Item[][] = [];
  let size = 0;
  for (const item of items) {
    const length = lengthOf(item) + OVERHEAD;
    const last = chunks.at(-1);
    if (last && size + length <= MAX_CHARACTERS) last.push(item);
    else {
      chunks.push([item]);
      size = 0;
    }
    size += length;
  }
  return chunks;
}
