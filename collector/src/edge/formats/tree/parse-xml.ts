import { SaxesParser } from "saxes";
import type { DocumentParser, FindingCode, FormatLimits, NativeDocument, NativeNode, ParsedItem } from "../document.ts";
import { createItemList, type ItemList } from "../item-list.ts";
import { type ByteStream, parseStream } from "../parse-stream.ts";

/** Which elements of an XML text are documents, and what each of them is. */
export interface XmlShape {
  /** Whether an element is one, of those that do not lie in another; the root has depth 1. */
  isDocument: (name: string, at: { depth: number; root: string }) => boolean;
  toDocument: (node: NativeNode) => NativeDocument | undefined;
}

/**
 * Documents of XML, by local names. Entities are never expanded and nothing outside is fetched: a declaration of an entity, or a
 * reference to one, ends the reading. Comments and processing instructions are passed over.
 */
export function parseXml(
  stream: ByteStream,
  shape: XmlShape,
  limits: FormatLimits,
): AsyncGenerator<ParsedItem, void, void> {
  return parseStream(stream, () => createXmlDocumentParser(shape, limits));
}

/** Characters that are read at once, so that what is pending is known. */
const SLICE = 65_536;

interface OpenElement {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: NativeNode[];
}

interface State {
  shape: XmlShape;
  limits: FormatLimits;
  items: ItemList;
  hasFailed: boolean;
  depth: number;
  root: string;
  /** Elements from the document that is being read inwards; empty between documents. */
  open: OpenElement[];
  start: number;
  nodes: number;
  characters: number;
  /** Characters since anything was completed: what a single tag, text or comment may hold. */
  pending: number;
  emitted: number;
}

function createXmlDocumentParser(shape: XmlShape, limits: FormatLimits): DocumentParser {
  const items = createItemList(limits);
  const state: State = {
    shape,
    limits,
    items,
    hasFailed: false,
    depth: 0,
    root: "",
    open: [],
    start: 0,
    nodes: 0,
    characters: 0,
    pending: 0,
    emitted: 0,
  };
  let bytes = 0;
  let characters = 0;
  let current: { text: string; sizeOf: (text: string) => number } = { text: "", sizeOf: (text) => text.length };
  const parser = new SaxesParser<{ xmlns?: false; position: true }>({ position: true });
  const listen = createListeners(
    state,
    () => bytes + current.sizeOf(current.text.slice(0, parser.position - characters)),
  );
  parser.on("error", listen.error);
  parser.on("doctype", listen.doctype);
  parser.on("opentag", (tag) => listen.open(tag.name, tag.attributes));
  parser.on("opentagstart", listen.begin);
  parser.on("text", listen.text);
  parser.on("cdata", listen.text);
  parser.on("closetag", listen.close);
  return {
    write: (piece) => {
      for (let at = 0; at < piece.text.length && !state.hasFailed; at += SLICE) {
        const text = piece.text.slice(at, at + SLICE);
        state.pending += text.length;
        if (state.pending > limits.segment)
          fail(state, "document_too_large", "a tag or text does not end within the limit");
        current = { text, sizeOf: piece.sizeOf };
        if (!state.hasFailed) parser.write(text);
        bytes += piece.sizeOf(text);
        characters += text.length;
      }
      return items.take();
    },
    end: () => {
      if (!state.hasFailed) parser.close();
      if (!state.hasFailed && state.emitted === 0) fail(state, "unsupported", "holds no document of the format");
      return items.take();
    },
  };
}

function createListeners(state: State, positionOf: () => number) {
  return {
    error: (error: Error) => {
      const isEntity = /entity/i.test(error.message);
      fail(state, isEntity ? "entity" : "malformed", isEntity ? "refers to an entity" : "is not well-formed");
    },
    doctype: (doctype: string) => {
      if (/<!ENTITY/i.test(doctype)) fail(state, "entity", "declares an entity");
    },
    // Told of when its name and one sign more were read.
    begin: ({ name }: { name: string }) => {
      if (state.open.length === 0) state.start = positionOf() - name.length - 2;
    },
    open: (name: string, attributes: Record<string, string>) => openElement(state, toLocalName(name), attributes),
    text: (text: string) => {
      state.pending = 0;
      const element = state.open.at(-1);
      if (state.hasFailed || element === undefined) return;
      state.characters += text.length;
      if (state.characters > state.limits.document) fail(state, "document_too_large", "is longer than the limit");
      else element.text += text;
    },
    close: () => closeElement(state),
  };
}

function openElement(state: State, name: string, written: Record<string, string>): void {
  state.pending = 0;
  if (state.hasFailed) return;
  state.depth++;
  if (state.depth > state.limits.depth) {
    fail(state, "depth", `lies deeper than ${state.limits.depth} levels`);
    return;
  }
  const { depth } = state;
  if (depth === 1) state.root = name;
  const begins = state.open.length === 0 && state.shape.isDocument(name, { depth, root: state.root });
  if (!begins && state.open.length === 0) return;
  if (begins) {
    state.nodes = 0;
    state.characters = 0;
  }
  state.nodes++;
  const attributes: Record<string, string> = {};
  for (const [key, value] of Object.entries(written)) {
    if (key === "xmlns" || key.startsWith("xmlns:")) continue;
    attributes[toLocalName(key)] = value;
    state.characters += value.length;
  }
  if (state.nodes > state.limits.nodes || state.characters > state.limits.document)
    fail(state, "document_too_large", "has more elements or characters than the limit");
  state.open.push({ name, attributes, text: "", children: [] });
}

function closeElement(state: State): void {
  state.pending = 0;
  if (state.hasFailed) return;
  state.depth--;
  const element = state.open.pop();
  if (element === undefined) return;
  const node: NativeNode = {
    name: element.name,
    ...(Object.keys(element.attributes).length === 0 ? {} : { attributes: element.attributes }),
    ...(element.text.trim() === "" ? {} : { text: element.text }),
    children: element.children,
  };
  const around = state.open.at(-1);
  if (around !== undefined) {
    around.children.push(node);
    return;
  }
  const document = state.shape.toDocument(node);
  state.emitted++;
  if (document === undefined) state.items.findings.add("unsupported", "XML", "is no document of the format");
  state.items.emit(state.start, document);
}

function fail(state: State, code: FindingCode, reason: string): void {
  if (state.hasFailed) return;
  state.hasFailed = true;
  state.items.findings.add(code, "XML", `${reason}; what follows is not read`);
  state.items.emit(state.start);
}

function toLocalName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
