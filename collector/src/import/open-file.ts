import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { AppError } from "@throughline/schemas/error";
import type { Parser } from "./file-record.ts";

const CHUNK_BYTES = 256 * 1024;
const PEEK_BYTES = 64 * 1024;

/** The content of a file, unpacked where it is gzip. `onRead` is told of the bytes of the file itself. */
export async function* readBytes(path: string, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const isPacked = await isGzip(path);
  const file = countBytes(createReadStream(path, { highWaterMark: CHUNK_BYTES }), onRead);
  if (!isPacked) {
    yield* file;
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The errors of both come out of the iteration below.
  const packed = pipeline(file, gunzip).catch(() => undefined);
  try {
    yield* gunzip;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("invalid_request", `${path} is damaged gzip: ${reason}`, { cause: error });
  } finally {
    gunzip.destroy();
    await packed;
  }
}

async function* countBytes(file: AsyncIterable<Buffer>, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of file) {
    onRead(chunk.length);
    yield chunk;
  }
}

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** Size in bytes; throws where there is no such file. */
export async function getSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw new AppError("not_found", `There is no file ${path}.`, { cause: error });
  }
}

/** The first characters of a file. */
export async function readStart(path: string, encoding: string | undefined): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of readBytes(path, () => undefined)) {
    pieces.push(chunk);
    size += chunk.length;
    if (size >= PEEK_BYTES) break;
  }
  const start = Buffer.concat(pieces).subarray(0, PEEK_BYTES);
  return new TextDecoder(encoding ?? detectEncoding(start)).decode(start);
}

/** SHA-256 of the content, in hexadecimal: a packed and an unpacked copy of a file have the same. */
export async function computeDigest(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

/** Decodes and parses. Pieces may be cut anywhere, also inside a character. */
export async function* parseChunks<Item>(
  chunks: AsyncIterable<Uint8Array>,
  parser: Parser<Item>,
  encoding?: string,
): AsyncGenerator<Item> {
  let decoder: TextDecoder | undefined;
  let head = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (decoder !== undefined) {
      yield* parser.write(decode(decoder, chunk));
      continue;
    }
    // An encoding can be told only from the whole declaration.
    head = Buffer.concat([head, chunk]);
    if (head.length < 256) continue;
    decoder = createDecoder(encoding ?? detectEncoding(head));
    yield* parser.write(decode(decoder, head));
  }
  if (decoder === undefined) {
    decoder = createDecoder(encoding ?? detectEncoding(head));
    yield* parser.write(decode(decoder, head));
  }
  yield* parser.write(decode(decoder));
  yield* await parser.end();
}

/** The encoding that a byte order mark or an XML declaration names, else UTF-8. */
export function detectEncoding(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  const declaration = Buffer.from(start.subarray(0, 256)).toString("latin1");
  return /^\s*<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']/.exec(declaration)?.[1] ?? "utf-8";
}

function createDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (error) {
    throw new AppError("unsupported_media_type", `The encoding "${encoding}" is not known.`, { cause: error });
  }
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (error) {
    throw new AppError("invalid_request", `The file is not ${decoder.encoding}; name its encoding with --encoding.`, {
      cause: error,
    });
  }
}
