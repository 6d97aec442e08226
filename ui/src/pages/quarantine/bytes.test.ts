import { describe, expect, it } from "vitest";
import { fromBase64, readBytes } from "./bytes.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("refused bytes", () => {
  it("are laid out when they are JSON", () => {
    expect(readBytes(encode('{"a":1}'))).toEqual({ kind: "json", shown: '{\n  "a": 1\n}', isCut: false });
  });

  it("are shown as they came when they are other text", () => {
    expect(readBytes(encode("ISA*00*ü"))).toEqual({ kind: "text", shown: "ISA*00*ü", isCut: false });
    expect(readBytes(encode('{"a":')).kind).toBe("text");
  });

  it("are shown in hex when they are no text", () => {
    const read = readBytes(Uint8Array.from([0xff, 0x00, 0x41]));
    expect(read.kind).toBe("hex");
    expect(read.shown).toMatch(/^000000 {2}ff 00 41 +\.\.A$/);
  });

  it("are cut where there is too much of them, between characters too", () => {
    const read = readBytes(encode("ü".repeat(200_000)));
    expect(read).toMatchObject({ kind: "text", isCut: true });
  });

  it("come out of base64 unharmed", () => {
    expect([...fromBase64(btoa("\u0000\u00ff"))]).toEqual([0, 255]);
  });
});
