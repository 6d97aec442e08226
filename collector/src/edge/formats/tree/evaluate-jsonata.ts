import { FORMAT_LIMITS, type ParsedItem } from "../document.ts";
import { type ByteStream, parseStream } from "../parse-stream.ts";
import type { FormatLimits } from "../document.ts";
import { JSON_SHAPE } from "./shapes.ts";

/** Bounds of one evaluation. */
const BOUNDS = { timeout: 1000, stack: 200, sequence: 100_000 };

/**
 * Records of a JSON text by a JSONata expression over the whole of it, such as `orders.lines.{…}`. The text is held in memory, up
 * to the limit of a document; an expression that takes too long, too deep or too much is a finding.
 */
export async function* parseJsonByExpression(
  stream: ByteStream,
  expression: string,
  limits: FormatLimits = FORMAT_LIMITS,
): AsyncGenerator<ParsedItem, void, void> {
  // Loaded by who has such an expression only.
  const { default: jsonata } = await import("jsonata");
  const compiled = jsonata(expression, BOUNDS);
  const position = { byteOffset: 0, ordinal: 0 };
  const refuse = (code: "document_too_large" | "malformed" | "timeout", reason: string): ParsedItem => ({
    position,
    findings: [{ code, place: "JSON", reason }],
  });
  let text = "";
  const pieces = parseStream(stream, () => ({
    write: (piece) => {
      if (text.length <= limits.document) text += piece.text;
      return [];
    },
    end: () => [],
  }));
  for await (const item of pieces) yield item;
  if (text.length > limits.document) {
    yield refuse("document_too_large", "is longer than the limit");
    return;
  }
  let records: unknown;
  try {
    records = await compiled.evaluate(JSON.parse(text));
  } catch (error) {
    const isSyntax = error instanceof SyntaxError;
    yield isSyntax ? refuse("malformed", "is no JSON") : refuse("timeout", "the expression failed, or took too long");
    return;
  }
  let ordinal = 0;
  for (const record of Array.isArray(records) ? records : [records]) {
    const document = JSON_SHAPE.toDocument(record);
    if (document === undefined) continue;
    yield { document, position: { byteOffset: 0, ordinal }, findings: [] };
    ordinal++;
  }
}
