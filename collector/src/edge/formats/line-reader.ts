import type { TextPiece } from "./document.ts";

/** A line or segment as written, or one that is longer than the limit and was left out. */
export type Line = { kind: "line"; text: string; byteOffset: number } | { kind: "too-long"; byteOffset: number };

/** Ends of lines: CR, LF, both, and what MLLP puts around a message. */
const ENDS = new Set([0x0d, 0x0a, 0x0b, 0x1c]);

/** Cuts text into lines, whatever ends them, without empty ones; of a line beyond the limit only that it was there is told. */
export function createLineReader(limits: { segment: number }) {
  let rest = "";
  let offset = 0;
  let isSkipping = false;
  const take = (text: string, lines: Line[], sizeOf: TextPiece["sizeOf"]) => {
    if (text.length > limits.segment && !isSkipping) lines.push({ kind: "too-long", byteOffset: offset });
    else if (text !== "" && !isSkipping) lines.push({ kind: "line", text, byteOffset: offset });
    isSkipping = false;
    offset += sizeOf(text);
  };
  let lastSizeOf: TextPiece["sizeOf"] = (text) => text.length;
  return {
    write: ({ text, sizeOf }: TextPiece): Line[] => {
      const lines: Line[] = [];
      lastSizeOf = sizeOf;
      const whole = rest + text;
      let start = 0;
      for (let at = rest.length; at < whole.length; at++) {
        if (!ENDS.has(whole.charCodeAt(at))) continue;
        take(whole.slice(start, at), lines, sizeOf);
        offset += sizeOf(whole.charAt(at));
        start = at + 1;
      }
      rest = whole.slice(start);
      if (rest.length > limits.segment) {
        if (!isSkipping) lines.push({ kind: "too-long", byteOffset: offset });
        isSkipping = true;
        offset += sizeOf(rest);
        rest = "";
      }
      return lines;
    },
    end: (): Line[] => {
      const lines: Line[] = [];
      take(rest, lines, lastSizeOf);
      rest = "";
      return lines;
    },
  };
}
