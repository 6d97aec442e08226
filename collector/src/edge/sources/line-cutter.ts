const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface CutLines {
  /** Without their ends, and where each begins. */
  lines: { line: Buffer; from: number }[];
  /** How far the bytes are dealt with; what follows is a line that has not ended yet. */
  used: number;
  /** Bytes of lines that are too long. */
  dropped: number;
  /** The bytes end inside of a line that is too long. */
  isSkipping: boolean;
}

/** Cuts bytes into lines. `isSkipping`: they begin inside of a line that is too long. `isFinal`: the last line ends where they end. */
export function cutLines(
  bytes: Buffer,
  { isSkipping, isFinal, maxBytes }: { isSkipping: boolean; isFinal: boolean; maxBytes: number },
): CutLines {
  const cut: CutLines = { lines: [], used: 0, dropped: 0, isSkipping };
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, cut.used)) {
    addLine(cut, bytes.subarray(cut.used, end), maxBytes);
    cut.used = end + 1;
  }
  const rest = bytes.subarray(cut.used);
  if (isFinal && rest.length > 0) addLine(cut, rest, maxBytes);
  else if (cut.isSkipping || rest.length > maxBytes) {
    cut.dropped += rest.length;
    cut.isSkipping = true;
  } else return cut;
  cut.used = bytes.length;
  return cut;
}

/** Adds the line that begins where the last one ended. */
function addLine(cut: CutLines, line: Buffer, maxBytes: number): void {
  const { used: from, isSkipping } = cut;
  cut.isSkipping = false;
  if (isSkipping || line.length > maxBytes) cut.dropped += line.length;
  else cut.lines.push({ line: line.at(-1) === RETURN ? line.subarray(0, -1) : line, from });
}
