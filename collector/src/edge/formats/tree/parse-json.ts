import { TokenParser, Tokenizer, TokenType } from "@streamparser/json";
import type { DocumentParser, FormatLimits, NativeDocument, ParsedItem } from "../document.ts";
import { createItemList, type ItemList } from "../item-list.ts";
import { type ByteStream, parseStream } from "../parse-stream.ts";

/** Where in a JSON text the documents stand, and what each of them is. */
export interface JsonShape {
  /** Paths of lists whose members are documents, such as `$.entry.*`; the whole text where none of them is there. */
  paths: readonly string[];
  /** Undefined for what is no document of the format. */
  toDocument: (value: unknown) => NativeDocument | undefined;
}

/** Documents of JSON texts, one or several behind one another. What comes behind an error of syntax is not read. */
export function parseJson(
  stream: ByteStream,
  shape: JsonShape,
  limits: FormatLimits,
): AsyncGenerator<ParsedItem, void, void> {
  return parseStream(stream, () => createJsonDocumentParser(shape, limits));
}

interface State {
  items: ItemList;
  limits: FormatLimits;
  hasFailed: boolean;
  /** Offsets of the braces that are open, in characters. */
  open: number[];
  /** Where the value that was closed last began. */
  start: number;
  values: number;
  emitted: number;
}

function createJsonDocumentParser(shape: JsonShape, limits: FormatLimits): DocumentParser {
  const items = createItemList(limits);
  const state: State = { items, limits, hasFailed: false, open: [], start: 0, values: 0, emitted: 0 };
  let tokens = createTokenParser(state, shape);
  const tokenizer = new Tokenizer({ separator: "" });
  tokenizer.onToken = (token) => {
    if (state.hasFailed) return;
    if (tokens.isEnded) tokens = createTokenParser(state, shape);
    watch(state, token.token, token.offset);
    if (!state.hasFailed) tokens.write(token);
  };
  tokenizer.onError = () => fail(state, "malformed", "is no JSON");
  const read = (text: string) => {
    try {
      if (!state.hasFailed) tokenizer.write(text);
    } catch {
      fail(state, "malformed", "is no JSON");
    }
    return items.take();
  };
  return {
    write: ({ text }) => read(text),
    end: () => {
      if (!state.hasFailed && state.open.length > 0) fail(state, "truncated", "ends inside of a value");
      return items.take();
    },
  };
}

function createTokenParser(state: State, shape: JsonShape): TokenParser {
  const parser = new TokenParser({ paths: [...shape.paths, "$"], keepStack: false });
  state.emitted = 0;
  parser.onValue = ({ value, key, parent, stack }) => {
    if (stack.length > 0 && typeof key !== "number") return;
    state.values = 0;
    if (stack.length === 0 && state.emitted > 0) return;
    const document = shape.toDocument(value);
    if (stack.length > 0) state.emitted++;
    // The list would hold all of its members until it ends.
    if (typeof key === "number" && Array.isArray(parent)) parent[key] = null;
    if (document === undefined) state.items.findings.add("unsupported", "a value", "is no document of the format");
    state.items.emit(state.start, document);
  };
  parser.onError = () => fail(state, "malformed", "is no JSON");
  return parser;
}

/** Keeps depth and number of values within their limits. */
function watch(state: State, token: TokenType, offset: number): void {
  if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) state.open.push(offset);
  if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) state.start = state.open.pop() ?? offset;
  if (state.open.length > state.limits.depth) fail(state, "depth", `lies deeper than ${state.limits.depth} levels`);
  state.values++;
  if (state.values > state.limits.nodes * 4) fail(state, "document_too_large", "has more values than the limit");
}

function fail(state: State, code: "malformed" | "depth" | "document_too_large" | "truncated", reason: string): void {
  if (state.hasFailed) return;
  state.hasFailed = true;
  state.items.findings.add(code, "JSON", `${reason}; what follows is not read`);
  state.items.emit(state.open.at(-1) ?? 0);
}
