import type { ParsedItem } from "../document.ts";
import type { ByteStream } from "../parse-stream.ts";

type Parse = (stream: ByteStream) => AsyncGenerator<ParsedItem, void, void>;

/** Marks of encodings, blanks, and the zeros of UTF-16: they say nothing of what is written. */
const NO_SIGN = /^[\s\0\u{bb}\u{bf}\u{ef}\u{fe}\u{ff}]*/u;

/** A format that is written in XML or in another way: what its first sign is decides. */
export async function* parseEitherSyntax(
  stream: ByteStream,
  parsers: { xml: Parse; other: Parse },
): AsyncGenerator<ParsedItem, void, void> {
  const iterator = toIterator(stream);
  const first: Uint8Array[] = [];
  let sign = "";
  while (sign === "") {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    sign = Buffer.from(next.value).toString("latin1").replace(NO_SIGN, "").slice(0, 1);
  }
  const whole = rejoin(first, iterator);
  yield* sign === "<" ? parsers.xml(whole) : parsers.other(whole);
}

async function* toIterator(stream: ByteStream): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of stream) yield chunk;
}

async function* rejoin(first: readonly Uint8Array[], rest: AsyncGenerator<Uint8Array, void, void>) {
  yield* first;
  yield* rest;
}
