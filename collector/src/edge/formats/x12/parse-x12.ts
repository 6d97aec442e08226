import {
  type DocumentParser,
  FORMAT_LIMITS,
  type FormatLimits,
  type NativeDocument,
  type ParsedItem,
} from "../document.ts";
import { createItemList, type ItemList } from "../item-list.ts";
import { createLoopBuilder } from "../loop-builder.ts";
import { type ByteStream, parseStream } from "../parse-stream.ts";
import { type ControlTracker, createControlTracker } from "./control-tracker.ts";
import {
  closeEnvelope,
  closeSet,
  createEnvelope,
  type Envelope,
  isTestEnvelope,
  openSet,
  takeEnvelope,
  toControl,
  toShownNumber,
} from "./envelope.ts";
import { createX12Tokenizer, type X12Token } from "./segments.ts";
import { findLoopRules } from "./loops.ts";
import type { X12Signs } from "./signs.ts";

type SegmentToken = X12Token & { kind: "segment" };

interface OpenSet {
  kind: string;
  control: string;
  isRepeated: boolean;
  byteOffset: number;
  segments: number;
  characters: number;
  signs: X12Signs;
  builder: ReturnType<typeof createLoopBuilder>;
  isTooLarge: boolean;
}

interface State {
  limits: FormatLimits;
  items: ItemList;
  envelope: Envelope;
  open: OpenSet | undefined;
}

/** Transaction sets of X12 interchanges, one document each; also each TA1. Reports what is wrong with envelopes and goes on. */
export function parseX12(
  stream: ByteStream,
  limits: FormatLimits = FORMAT_LIMITS,
  tracker: ControlTracker = createControlTracker(),
): AsyncGenerator<ParsedItem, void, void> {
  return parseStream(stream, () => createX12Parser(limits, tracker));
}

function createX12Parser(limits: FormatLimits, tracker: ControlTracker): DocumentParser {
  const tokenizer = createX12Tokenizer(limits);
  const items = createItemList(limits);
  const state: State = { limits, items, envelope: createEnvelope(items.findings, tracker), open: undefined };
  return {
    write: (piece) => {
      for (const token of tokenizer.write(piece)) take(state, token);
      return items.take();
    },
    end: () => {
      let last = 0;
      for (const token of tokenizer.end()) {
        take(state, token);
        last = token.byteOffset;
      }
      abandon(state);
      closeEnvelope(state.envelope);
      items.emit(last);
      return items.take();
    },
  };
}

function take(state: State, token: X12Token): void {
  if (token.kind === "segment") {
    takeSegment(state, token);
    return;
  }
  abandon(state);
  const { findings } = state.items;
  if (token.kind === "junk") findings.add("junk", "between interchanges", "is no interchange");
  else if (token.kind === "bad-isa") findings.add("bad_delimiter", "ISA", token.reason);
  else if (token.kind === "too-long")
    findings.add("document_too_large", "segment", "a segment does not end within the limit");
  else findings.add("truncated", "segment", "the stream ends inside of a segment");
  state.items.emit(token.byteOffset);
}

function takeSegment(state: State, token: SegmentToken): void {
  const { elements, byteOffset } = token;
  const [name = ""] = elements;
  if (name === "ISA" || name === "GS" || name === "GE" || name === "IEA") abandon(state);
  if (takeEnvelope(state.envelope, elements)) return;
  if (name === "ST") state.open = beginSet(state, token);
  if (state.open !== undefined) {
    addSegment(state, state.open, elements);
    if (name === "SE") endSet(state, state.open, elements);
  } else if (name === "TA1") state.items.emit(byteOffset, toTechnicalAcknowledgment(state, elements));
  else state.items.findings.add("junk", `segment ${toSegmentName(name)}`, "stands outside of a transaction set");
}

/** Leaves a set whose end did not come. */
function abandon(state: State): void {
  const { open, items } = state;
  if (open === undefined) return;
  items.findings.add("truncated", `set ${toShownNumber(open.control)}`, "ends without its SE; it is not read");
  state.open = undefined;
  items.emit(open.byteOffset);
}

function beginSet(state: State, token: SegmentToken): OpenSet {
  abandon(state);
  const { items, envelope, limits } = state;
  const [, kind = "", written = ""] = token.elements;
  const control = written.trim();
  if (envelope.isa === undefined)
    items.findings.add("junk", `set ${toShownNumber(control)}`, "stands outside of an interchange");
  return {
    kind,
    control,
    isRepeated: openSet(envelope, control),
    byteOffset: token.byteOffset,
    segments: 0,
    characters: 0,
    signs: token.signs,
    builder: createLoopBuilder(kind, findLoopRules(kind), { findings: items.findings, depth: limits.depth }),
    isTooLarge: false,
  };
}

function addSegment({ limits, items }: State, set: OpenSet, elements: string[]): void {
  set.segments++;
  for (const element of elements) set.characters += element.length + 1;
  if (elements[0] === "ST" || elements[0] === "SE") return;
  if (set.segments <= limits.nodes && set.characters <= limits.document) set.builder.add(elements);
  else if (!set.isTooLarge) {
    set.isTooLarge = true;
    items.findings.add(
      "document_too_large",
      `set ${toShownNumber(set.control)}`,
      "has more segments or characters than the limit",
    );
  }
}

function endSet(state: State, set: OpenSet, elements: readonly string[]): void {
  state.open = undefined;
  closeSet(state.envelope, elements, set);
  state.items.emit(set.byteOffset, set.isTooLarge ? undefined : toDocument(set, state.envelope));
}

function toDocument(set: OpenSet, envelope: Envelope): NativeDocument {
  const control = toControl(envelope);
  const { sender, date, time, interchange, group } = control;
  const isComplete = [sender, interchange, group, set.control].every((part) => part !== "") && !set.isRepeated;
  const { element, component, repetition } = set.signs;
  return {
    format: "x12",
    kind: set.kind,
    id: isComplete ? `${sender}/${date}${time}/${interchange}/${group}/${set.control}` : undefined,
    isTest: isTestEnvelope(envelope),
    control: { ...control, set: set.control },
    separators: { element, component, repetition, subcomponent: "", escape: "" },
    root: set.builder.root,
  };
}

function toTechnicalAcknowledgment({ envelope }: State, elements: readonly string[]): NativeDocument {
  return {
    format: "x12",
    kind: "TA1",
    id: undefined,
    isTest: isTestEnvelope(envelope),
    control: toControl(envelope),
    root: { name: "TA1", children: [{ name: "TA1", elements, children: [] }] },
  };
}

/** A name that can be shown: what is none may be anything. */
function toSegmentName(name: string): string {
  return /^[A-Z][A-Z0-9]{1,2}$/.test(name) ? name : "without a name";
}
