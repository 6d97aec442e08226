import fc from "fast-check";

/** Damage to the bytes of a file: bytes changed, cut out, doubled, or moved; and the end cut off. */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat(Math.max(0, bytes.length - 1));
  const change = fc.record({
    kind: fc.constantFrom("set", "cut", "double", "insert", "end"),
    at,
    to: at,
    byte: fc.nat(255),
  });
  return fc.array(change, { minLength: 1, maxLength: 8 }).map((changes) => changes.reduce(apply, Buffer.from(bytes)));
}

function apply(bytes: Buffer, change: { kind: string; at: number; to: number; byte: number }): Buffer {
  const [start, end] = [Math.min(change.at, change.to), Math.max(change.at, change.to)];
  const one = Buffer.from([change.byte]);
  if (change.kind === "cut") return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  if (change.kind === "double") return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  if (change.kind === "insert") return Buffer.concat([bytes.subarray(0, start), one, bytes.subarray(start)]);
  if (change.kind === "end") return bytes.subarray(0, end);
  return Buffer.concat([bytes.subarray(0, start), one, bytes.subarray(start + 1)]);
}
