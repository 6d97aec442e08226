import type { DocumentParser, FormatLimits, NativeNode, ParsedItem } from "../document.ts";
import { createItemList, type ItemList } from "../item-list.ts";
import { createLineReader, type Line } from "../line-reader.ts";
import { createLoopBuilder, type LoopRules } from "../loop-builder.ts";
import { type ByteStream, parseStream } from "../parse-stream.ts";
import { IDOC_SHAPE } from "../tree/shapes.ts";
import { textOf } from "../tree/to-node.ts";
import { readRecord } from "./read-record.ts";
import { CONTROL_RECORD, DATA_RECORD, SEGMENT_LAYOUTS, STATUS_RECORD } from "./segment-layouts.ts";

/** Where the segments of the standard types lie; the others lie in what is open. */
const LOOPS: LoopRules = {
  opens: { E1EDP01: 1, E1EDL20: 1, E1EDL24: 2, E1MBGMCR: 1, E1BP2017_GM_HEAD_01: 2, E1BP2017_GM_ITEM_CREATE: 2 },
  closes: { E1EDS01: 1 },
};
const HEADER_LENGTH = DATA_RECORD.reduce((sum, { length }) => sum + length, 0);
const SEGMENT_NAME = /^[A-Z][A-Z0-9_/]{2,29}$/;

interface OpenIdoc {
  byteOffset: number;
  number: string;
  builder: ReturnType<typeof createLoopBuilder>;
  segments: number;
  characters: number;
  isTooLarge: boolean;
}

interface State {
  limits: FormatLimits;
  items: ItemList;
  open: OpenIdoc | undefined;
  /** Inside of what was given up: its lines are passed over. */
  isLost: boolean;
  lines: number;
}

/** IDocs in lines of fixed columns, as a file port writes them, and records of status files. */
export function parseFlatIdoc(stream: ByteStream, limits: FormatLimits): AsyncGenerator<ParsedItem, void, void> {
  return parseStream(stream, () => createFlatIdocParser(limits));
}

function createFlatIdocParser(limits: FormatLimits): DocumentParser {
  const reader = createLineReader(limits);
  const state: State = { limits, items: createItemList(limits), open: undefined, isLost: false, lines: 0 };
  return {
    write: (piece) => {
      for (const line of reader.write(piece)) takeLine(state, line);
      return state.items.take();
    },
    end: () => {
      for (const line of reader.end()) takeLine(state, line);
      close(state);
      state.items.emit(0);
      return state.items.take();
    },
  };
}

function takeLine(state: State, line: Line): void {
  const { findings } = state.items;
  state.lines++;
  const place = `line ${state.lines}`;
  if (line.kind === "too-long") findings.add("document_too_large", place, "is longer than the limit and is left out");
  else if (line.text.startsWith("EDI_DC40")) begin(state, line);
  else if (line.text.startsWith("EDI_DS40")) takeStatus(state, line);
  else if (state.open !== undefined) addSegment(state, state.open, { text: line.text, place });
  else if (!state.isLost && line.text.trim() !== "") {
    const isOld = line.text.startsWith("EDI_DC ");
    if (isOld) findings.add("unsupported", place, "is a control record of release 3; EDI_DC40 is read");
    else findings.add("junk", place, "stands before a control record");
    state.isLost = true;
    state.items.emit(line.byteOffset);
  }
}

function begin(state: State, { text, byteOffset }: Line & { kind: "line" }): void {
  close(state);
  const { limits, items } = state;
  const header: NativeNode = { name: "EDI_DC40", children: readRecord(text, CONTROL_RECORD) };
  const builder = createLoopBuilder("IDOC", LOOPS, { findings: items.findings, depth: limits.depth });
  builder.addNode({ ...header, children: [...header.children] });
  state.isLost = false;
  const number = toPlainNumber(textOf(header, "DOCNUM"));
  state.open = { byteOffset, number, builder, segments: 1, characters: text.length, isTooLarge: false };
}

function addSegment(state: State, idoc: OpenIdoc, { text, place }: { text: string; place: string }): void {
  const { findings } = state.items;
  const written = text.slice(0, DATA_RECORD[0]?.length).trim();
  if (text.length < HEADER_LENGTH || !SEGMENT_NAME.test(written)) {
    if (text.trim() !== "") findings.add("malformed", place, "is no data record and is left out");
    return;
  }
  idoc.segments++;
  idoc.characters += text.length;
  if (idoc.segments > state.limits.nodes || idoc.characters > state.limits.document) {
    if (!idoc.isTooLarge) findings.add("document_too_large", "IDoc", "has more segments or characters than the limit");
    idoc.isTooLarge = true;
    return;
  }
  const header: NativeNode = { name: "EDI_DD40", children: readRecord(text.slice(0, HEADER_LENGTH), DATA_RECORD) };
  const number = toPlainNumber(textOf(header, "DOCNUM"));
  if (number !== idoc.number && number !== "" && idoc.number !== "")
    findings.add("control_mismatch", place, "has another number than its control record");
  const name = toSegmentName(written);
  idoc.builder.addNode({ name, children: readRecord(text.slice(HEADER_LENGTH), SEGMENT_LAYOUTS.get(name) ?? []) });
}

function toPlainNumber(text: string): string {
  return text.replace(/^0+(?=.)/, "");
}

/** A file names the definition of a segment: E2EDK01005 is version 005 of E1EDK01. */
function toSegmentName(written: string): string {
  const name = written.replace(/^E2/, "E1");
  return SEGMENT_LAYOUTS.has(name) ? name : name.replace(/\d{3}$/, "");
}

/** A status record stands alone. It names the IDoc that it is about, and neither sender nor receiver. */
function takeStatus(state: State, { text, byteOffset }: Line & { kind: "line" }): void {
  close(state);
  state.isLost = false;
  const fields = readRecord(text, STATUS_RECORD);
  const header: NativeNode = { name: "EDI_DC40", children: [{ name: "MESTYP", text: "STATUS", children: [] }] };
  const status: NativeNode = { name: "E1STATS", children: fields };
  state.items.emit(byteOffset, IDOC_SHAPE.toDocument({ name: "IDOC", children: [header, status] }));
}

function close(state: State): void {
  const { open, items } = state;
  state.open = undefined;
  if (open === undefined) return;
  const document = open.isTooLarge ? undefined : IDOC_SHAPE.toDocument(open.builder.root);
  if (document?.kind === "") items.findings.add("malformed", "EDI_DC40", "does not say what kind of message it is");
  items.emit(open.byteOffset, document?.kind === "" ? undefined : document);
}
