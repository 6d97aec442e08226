export interface ReadBytes {
  /** `text` as it was sent, `json` laid out anew, or `hex` where it is no text. */
  kind: "text" | "json" | "hex";
  shown: string;
  /** Lines of the form in which it was sent were changed, or cut off at the end. */
  isCut: boolean;
}

const MOST_SHOWN = 200_000;
const HEX_LINE = 16;

/** Bytes from base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** Bytes as a person can read them; JSON is laid out, what is no UTF-8 is shown in hex. */
export function readBytes(bytes: Uint8Array): ReadBytes {
  const part = bytes.subarray(0, MOST_SHOWN);
  const isCut = part.length < bytes.length;
  const text = decode(part, isCut);
  if (text === undefined) return { kind: "hex", shown: toHex(part), isCut };
  const laidOut = isCut ? undefined : layOut(text);
  return laidOut === undefined ? { kind: "text", shown: text, isCut } : { kind: "json", shown: laidOut, isCut };
}

function decode(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isCut });
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function layOut(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined;
  }
}

function toHex(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += HEX_LINE) {
    const line = [...bytes.subarray(start, start + HEX_LINE)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${start.toString(16).padStart(6, "0")}  ${hex.padEnd(HEX_LINE * 3)} ${text}`);
  }
  return lines.join("\n");
}
