/** What parts an interchange, from its first segment. */
export interface Delimiters {
  element: string;
  segment: string;
}

/** A segment and where it lies in the text; `after` is behind its terminator and the line breaks that follow. */
export interface Segment {
  elements: readonly string[];
  start: number;
  end: number;
  after: number;
}

const ISA_LENGTH = 106;
const ISA_ELEMENTS = 16;
const BYTE_ORDER_MARK = "\u{FEFF}";
/** No delimiter may be part of what is written. */
const WRITTEN = /[0-9A-Z-]/;

/** Undefined when the text does not begin with an interchange header of 106 characters, or its delimiters cannot part anything. */
export function findDelimiters(text: string): Delimiters | undefined {
  const start = findStart(text);
  if (!text.startsWith("ISA", start)) return undefined;
  const header = text.slice(start, start + ISA_LENGTH);
  const element = header[3] ?? "";
  const segment = header[ISA_LENGTH - 1] ?? "";
  const component = header[ISA_LENGTH - 2] ?? "";
  const isParted = header.slice(0, -1).split(element).length === ISA_ELEMENTS + 1;
  if (segment === "" || element === segment || !isParted) return undefined;
  return [element, segment, component].some((character) => WRITTEN.test(character)) ? undefined : { element, segment };
}

/** One after the other, in linear time; what follows the last terminator is none. */
export function* listSegments(text: string, { element, segment }: Delimiters): Generator<Segment> {
  for (let start = findStart(text); start < text.length;) {
    const end = text.indexOf(segment, start);
    if (end === -1) return;
    let after = end + segment.length;
    while (/[\r\n \t]/.test(text[after] ?? "")) after++;
    yield { elements: text.slice(start, end).split(element), start, end, after };
    start = after;
  }
}

function findStart(text: string): number {
  const start = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  return start + (/^\s*/.exec(text.slice(start, start + 100))?.[0].length ?? 0);
}
