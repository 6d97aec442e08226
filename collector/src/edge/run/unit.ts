import type { ByteStream } from "../formats/parse-stream.ts";

/** Something that a source read whole: a file, a message. */
export interface Unit {
  /** SHA-256 in hexadecimal of what tells it apart; what has no native number is named by it. Without `raw` it is that of the bytes. */
  identity: string;
  stream: ByteStream;
  /** What is kept at the edge when it cannot be mapped; undefined where the source keeps it. */
  raw?: Buffer;
  /** Of a stream, where that is known before it is read. */
  sizeBytes?: number;
  /** The W3C traceparent that came beside it; what a document carries itself goes before it. */
  traceparent?: string | undefined;
  /** A file: it ends with a trailer of this time, in milliseconds since 1970. */
  trailerAt?: number;
  /** Waits for room in the spool instead of failing. */
  isPatient: boolean;
}
