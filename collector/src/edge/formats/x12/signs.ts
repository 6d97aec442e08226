/** The signs of an interchange, as its ISA has them. */
export interface X12Signs {
  element: string;
  component: string;
  repetition: string;
  /** `\n` stands for any line break. */
  terminator: string;
}

export type X12SignsResult =
  | { kind: "signs"; signs: X12Signs }
  | { kind: "short" }
  | { kind: "unusable"; reason: string };

/** An ISA may be this long: 106 characters when padded, more when its elements are overlong. */
export const MAX_ISA = 260;

const ISA_ELEMENTS = 16;
const UNUSABLE = /[A-Za-z0-9\s]/;
const WORD = /[A-Za-z0-9 ]/;

/** Reads the signs of an ISA at the start of a text, padded or not; `short` when it may go on. */
export function readSigns(head: string): X12SignsResult {
  const element = head.charAt(3);
  if (element === "") return { kind: "short" };
  if (UNUSABLE.test(element)) return { kind: "unusable", reason: "has a letter, digit or blank as element separator" };
  const starts: number[] = [];
  for (let at = 3; starts.length < ISA_ELEMENTS; at = head.indexOf(element, at + 1)) {
    if (at === -1) return { kind: "short" };
    starts.push(at + 1);
  }
  const last = starts[ISA_ELEMENTS - 1] ?? 0;
  const component = head.charAt(last);
  const written = head.charAt(last + 1);
  if (component === "" || written === "") return { kind: "short" };
  const terminator = written === "\r" ? "\n" : written;
  if (WORD.test(component) || WORD.test(terminator))
    return { kind: "unusable", reason: "has a letter, digit or blank as separator or terminator" };
  if (component === element || terminator === element || terminator === component)
    return { kind: "unusable", reason: "uses one sign for two things" };
  const repetition = head.slice(starts[10] ?? 0, (starts[11] ?? 1) - 1);
  return {
    kind: "signs",
    signs: { element, component, terminator, repetition: /^[^\w\s]$/.test(repetition) ? repetition : "" },
  };
}
