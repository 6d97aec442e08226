import type { FormatLimits, ParsedItem } from "../document.ts";
import type { ByteStream } from "../parse-stream.ts";
import { type JsonShape, parseJson } from "./parse-json.ts";
import { parseXml, type XmlShape } from "./parse-xml.ts";

/** A format that is written in JSON or XML: what its first sign is decides. */
export async function* parseEitherSyntax(
  stream: ByteStream,
  shapes: { json: JsonShape; xml: XmlShape },
  limits: FormatLimits,
): AsyncGenerator<ParsedItem, void, void> {
  const iterator = toIterator(stream);
  const first: Uint8Array[] = [];
  let sign = "";
  while (sign === "") {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    // Marks and the zeros of UTF-16 are no signs.
    sign = /[<{[]/.exec(Buffer.from(next.value).toString("latin1"))?.[0] ?? "";
  }
  const whole = rejoin(first, iterator);
  yield* sign === "<" ? parseXml(whole, shapes.xml, limits) : parseJson(whole, shapes.json, limits);
}

async function* toIterator(stream: ByteStream): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of stream) yield chunk;
}

async function* rejoin(first: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array, void, void>) {
  yield* first;
  yield* rest;
}
