import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate, zstdDecompress } from "node:zlib";
import { AppError } from "@throughline/schemas/error";
import type { ByteBudget } from "./byte-budget.ts";
import type { GatewayLimits } from "./limits.ts";

type BodyLimits = Pick<GatewayLimits, "bodyBytes" | "inflatedBytes">;

/** A body in full, or as it came when it is not what its encoding says. */
export type Body = { ok: true; bytes: Buffer } | { ok: false; bytes: Buffer; message: string };

const INFLATERS = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  zstd: promisify(zstdDecompress),
};
const RETRY_AFTER_SECONDS = 1;
const INFLATING_AT_ONCE = 4;

/** Reads a whole body as it is sent. Throws `payload_too_large`, or `too_many_requests` when too much is in memory. */
export async function readBody(request: IncomingMessage, limits: BodyLimits, budget: ByteBudget): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > limits.bodyBytes) throw toTooLarge(limits.bodyBytes, "");
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new AppError("internal", "A body came as text.");
    sizeBytes += chunk.length;
    if (sizeBytes > limits.bodyBytes) throw toTooLarge(limits.bodyBytes, "");
    takeBytes(budget, chunk.length);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/** Takes bytes of the budget. Throws `too_many_requests` when they are not there. */
export function takeBytes(budget: ByteBudget, count: number): void {
  if (budget.take(count)) return;
  throw new AppError("too_many_requests", "Too many bytes are waiting to be stored. Send again later.", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** Undoes a content encoding. */
export type Inflate = (bytes: Buffer, encoding: string) => Promise<Body>;

/**
 * Undoes content encodings, a few at once, so that small bodies that grow large cannot fill the memory together. Throws
 * `payload_too_large` when a body grows beyond the limit, `unsupported_media_type` for an encoding that is not known.
 */
export function createInflate(limits: BodyLimits): Inflate {
  const places = createPlaces(INFLATING_AT_ONCE);
  return async (bytes, encoding) => {
    const name = encoding.trim().toLowerCase();
    if (name === "" || name === "identity") return { ok: true, bytes };
    if (!isKnown(name))
      throw new AppError(
        "unsupported_media_type",
        `The content encoding ${encoding.slice(0, 40)} is not known: send gzip, deflate, zstd or none.`,
      );
    await places.take();
    try {
      return { ok: true, bytes: await INFLATERS[name](bytes, { maxOutputLength: limits.inflatedBytes }) };
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
        throw toTooLarge(limits.inflatedBytes, " after inflation");
      return { ok: false, bytes, message: `is not valid ${name}` };
    } finally {
      places.release();
    }
  };
}

/** So many may be inside at once; the others wait in their order. */
function createPlaces(count: number) {
  let free = count;
  const queue: (() => void)[] = [];
  return {
    take: async () => {
      if (free > 0) free--;
      else await new Promise<void>((enter) => queue.push(enter));
    },
    release: () => {
      const next = queue.shift();
      if (next) next();
      else free++;
    },
  };
}

function isKnown(name: string): name is keyof typeof INFLATERS {
  return Object.hasOwn(INFLATERS, name);
}

function toTooLarge(limitBytes: number, when: string): AppError {
  return new AppError(
    "payload_too_large",
    `The body is larger than ${limitBytes} bytes${when}. Send fewer events at once.`,
  );
}
