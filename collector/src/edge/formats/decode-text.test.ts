import fc from "fast-check";
import { expect, test } from "vitest";
import { createTextDecoder } from "./decode-text.ts";

test("text in UTF-8 comes out as it was written and counts its bytes, wherever it is cut and however late it leaves ASCII", () => {
  const plain = fc.string({ unit: "grapheme-ascii", maxLength: 20 });
  const other = fc.string({ unit: "grapheme", maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 3, arbitrary: plain }, other), { maxLength: 20 }),
      fc.array(fc.nat(30)),
      (parts, cuts) => {
        // What begins like UTF-16 or with a mark is read as that.
        const text = `ISA*${parts.join("")}`;
        const bytes = Buffer.from(text);
        const decoder = createTextDecoder();
        let read = "";
        let counted = 0;
        let at = 0;
        for (const length of [...cuts, bytes.length]) {
          const piece = decoder.write(bytes.subarray(at, at + length));
          at = Math.min(bytes.length, at + length);
          read += piece.text;
          counted += piece.sizeOf(piece.text);
        }
        const last = decoder.end();
        expect(read + last.text).toBe(text);
        expect(counted + last.sizeOf(last.text)).toBe(bytes.length);
      },
    ),
  );
});

test("what stands in front of the first sign that is not ASCII is counted with it by the piece that brings it", () => {
  const decoder = createTextDecoder();
  const first = decoder.write(Buffer.from("PID*1*CAF"));
  const second = decoder.write(Buffer.from("É~"));
  expect(second.sizeOf(first.text + second.text)).toBe(Buffer.byteLength("PID*1*CAFÉ~"));
});
