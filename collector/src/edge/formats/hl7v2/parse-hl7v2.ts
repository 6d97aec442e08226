import {
  type DocumentParser,
  FORMAT_LIMITS,
  type FormatLimits,
  type NativeDocument,
  type ParsedItem,
  type Separators,
} from "../document.ts";
import { createItemList, type ItemList } from "../item-list.ts";
import { createLoopBuilder, type LoopRules } from "../loop-builder.ts";
import { type ByteStream, parseStream } from "../parse-stream.ts";
import { type ControlTracker, createControlTracker } from "../x12/control-tracker.ts";
import { createLineReader, type Line } from "../line-reader.ts";
import { readHl7Signs } from "./signs.ts";

interface OpenMessage {
  byteOffset: number;
  signs: Separators;
  header: readonly string[];
  builder: ReturnType<typeof createLoopBuilder>;
  segments: number;
  characters: number;
  isTooLarge: boolean;
}

interface State {
  limits: FormatLimits;
  items: ItemList;
  tracker: ControlTracker;
  open: OpenMessage | undefined;
  /** Inside of what was given up: its segments are passed over. */
  isLost: boolean;
  /** Messages since the last batch header, and whether there was one. */
  batch: number | undefined;
}

const NAME = /^[A-Z][A-Z0-9]{2}$/;
const NO_CLOSES = {};
const ORDERS: LoopRules = { opens: { ORC: 1, RXE: 2, RXD: 2, RXA: 2 }, closes: NO_CLOSES };
/** The groups of messages, by code; the others are orders or have none. */
const GROUPS = new Map<string, LoopRules>([
  ["DFT", { opens: { FT1: 1, ORC: 2 }, closes: NO_CLOSES }],
  ["MFN", { opens: { MFE: 1 }, closes: NO_CLOSES }],
]);

/** Messages of HL7 v2, alone, in files, in batches, or as MLLP frames them. Each brings its own separators. */
export function parseHl7v2(
  stream: ByteStream,
  limits: FormatLimits = FORMAT_LIMITS,
  tracker: ControlTracker = createControlTracker(),
): AsyncGenerator<ParsedItem, void, void> {
  return parseStream(stream, () => createHl7Parser(limits, tracker));
}

function createHl7Parser(limits: FormatLimits, tracker: ControlTracker): DocumentParser {
  const reader = createLineReader(limits);
  const items = createItemList(limits);
  const state: State = { limits, items, tracker, open: undefined, isLost: false, batch: undefined };
  return {
    write: (piece) => {
      for (const line of reader.write(piece)) takeLine(state, line);
      return items.take();
    },
    end: () => {
      for (const line of reader.end()) takeLine(state, line);
      closeMessage(state);
      items.emit(0);
      return items.take();
    },
  };
}

function takeLine(state: State, line: Line): void {
  const { findings } = state.items;
  if (line.kind === "too-long") {
    findings.add("document_too_large", "segment", "is longer than the limit and is left out");
    return;
  }
  const text = line.text.trimStart();
  const name = text.slice(0, 3);
  if (name === "MSH") beginMessage(state, text, line.byteOffset + line.text.length - text.length);
  else if (name === "BHS" || name === "FHS" || name === "BTS" || name === "FTS") takeBatch(state, text);
  else if (state.open !== undefined) addSegment(state, state.open, text);
  else if (!state.isLost && text.trim() !== "") {
    findings.add("junk", "before a message", "is no message");
    state.isLost = true;
    state.items.emit(line.byteOffset);
  }
}

function beginMessage(state: State, text: string, byteOffset: number): void {
  closeMessage(state);
  const read = readHl7Signs(text);
  if (read.kind === "unusable") {
    state.items.findings.add("bad_delimiter", "MSH", read.reason);
    state.items.emit(byteOffset);
    state.isLost = true;
    return;
  }
  const { signs } = read;
  // MSH-1 is the separator itself, so that the numbers of the others are those of the standard.
  const header = ["MSH", signs.element, ...text.slice(4).split(signs.element)];
  const code = (header[9] ?? "").split(signs.component, 1)[0] ?? "";
  const builder = createLoopBuilder("message", GROUPS.get(code) ?? ORDERS, {
    findings: state.items.findings,
    depth: state.limits.depth,
  });
  state.isLost = false;
  if (state.batch !== undefined) state.batch++;
  state.open = { byteOffset, signs, header, builder, segments: 1, characters: text.length, isTooLarge: false };
}

function addSegment(state: State, message: OpenMessage, text: string): void {
  const { findings } = state.items;
  const elements = text.split(message.signs.element);
  if (!NAME.test(elements[0] ?? "")) {
    if (text.trim() !== "") findings.add("malformed", `line ${message.segments + 1}`, "is no segment and is left out");
    return;
  }
  message.segments++;
  message.characters += text.length;
  if (message.segments <= state.limits.nodes && message.characters <= state.limits.document)
    message.builder.add(elements);
  else if (!message.isTooLarge) {
    message.isTooLarge = true;
    findings.add("document_too_large", "message", "has more segments or characters than the limit");
  }
}

function closeMessage(state: State): void {
  const { open, items } = state;
  state.open = undefined;
  if (open === undefined) return;
  if (open.isTooLarge) {
    items.emit(open.byteOffset);
    return;
  }
  const document = toDocument(open);
  if (document.kind === "") items.findings.add("malformed", "MSH-9", "does not say what kind of message it is");
  checkSequence(state, document, open.header[13] ?? "");
  items.emit(open.byteOffset, document.kind === "" ? undefined : document);
}

/** MSH-13, where the partners use it. */
function checkSequence({ tracker, items }: State, { control }: NativeDocument, sequence: string): void {
  const { sender, senderFacility, receiver } = control;
  if (!/^\d{1,9}$/.test(sequence)) return;
  const verdict = tracker.check(`${sender}/${senderFacility}/${receiver}`, sequence);
  if (verdict.kind === "gap")
    items.findings.add("control_gap", "MSH-13", `comes after a gap of ${verdict.missing} numbers`);
  if (verdict.kind === "duplicate")
    items.findings.add("duplicate_control", "MSH-13", "was seen from this sender before");
}

function takeBatch(state: State, text: string): void {
  closeMessage(state);
  state.isLost = false;
  const name = text.slice(0, 3);
  if (name === "BHS") state.batch = 0;
  if (name !== "BTS" || state.batch === undefined) return;
  const written = text.split(text.charAt(3))[1] ?? "";
  if (written !== "" && Number(written) !== state.batch)
    state.items.findings.add("count_mismatch", "BTS-1", `does not say ${state.batch}, which is what was counted`);
  state.batch = undefined;
}

function toDocument({ header, signs, builder }: OpenMessage): NativeDocument {
  const at = (index: number) => header[index] ?? "";
  const first = (index: number) => at(index).split(signs.component, 1)[0]?.trim() ?? "";
  const [code = "", trigger = ""] = at(9).split(signs.component);
  const control = {
    sender: first(3),
    senderFacility: first(4),
    receiver: first(5),
    receiverFacility: first(6),
    time: first(7),
    message: first(10),
    version: first(12),
  };
  const { sender, senderFacility, time, message } = control;
  return {
    format: "hl7v2",
    kind: trigger === "" ? code : `${code}^${trigger}`,
    id: message === "" || sender === "" ? undefined : `${sender}/${senderFacility}/${time}/${message}`,
    isTest: first(11) !== "P",
    control,
    separators: signs,
    root: builder.root,
  };
}
