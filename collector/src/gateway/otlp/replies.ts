import {
  appendBytes,
  appendText,
  appendVarint,
  createByteBuffer,
  toBytes,
} from "@throughline/schemas/clickhouse/byte-buffer";
import type { AppError, ErrorCode } from "@throughline/schemas/error";
import { type Reply, toErrorHeaders } from "../receive/reply.ts";

export type Encoding = "json" | "protobuf";

const CONTENT_TYPES: Record<Encoding, string> = { json: "application/json", protobuf: "application/x-protobuf" };

/** Codes of `google.rpc.Code`. */
const RPC_CODES: Record<ErrorCode, number> = {
  invalid_request: 3,
  unsupported_media_type: 3,
  payload_too_large: 3,
  not_found: 5,
  conflict: 10,
  forbidden: 7,
  second_person_required: 7,
  unauthenticated: 16,
  too_many_requests: 8,
  unavailable: 14,
  timeout: 4,
  invalid_configuration: 13,
  store_mismatch: 13,
  internal: 13,
};

/** The answer to a request whose good entries are stored; it counts those that are not and says why. */
export function toExportReply(encoding: Encoding, rejected: { member: string; count: number; message: string }): Reply {
  const headers = { "content-type": CONTENT_TYPES[encoding] };
  const { member, count, message } = rejected;
  if (encoding === "json") {
    const partialSuccess = { [member]: String(count), errorMessage: message };
    return { status: 200, headers, body: JSON.stringify(count === 0 ? {} : { partialSuccess }) };
  }
  const out = createByteBuffer(64);
  if (count > 0) {
    const partial = createByteBuffer(64);
    appendVarint(partial, 8);
    appendVarint(partial, count);
    appendVarint(partial, 18);
    appendText(partial, message);
    appendVarint(out, 10);
    appendVarint(out, partial.size);
    appendBytes(out, toBytes(partial));
  }
  return { status: 200, headers, body: toBytes(out) };
}

/** An error as `google.rpc.Status`, in the encoding of the request. */
export function toStatusReply(encoding: Encoding, error: AppError): Reply {
  const code = RPC_CODES[error.code];
  const headers = { "content-type": CONTENT_TYPES[encoding], ...toErrorHeaders(error) };
  if (encoding === "json")
    return { status: error.status, headers, body: JSON.stringify({ code, message: error.message }) };
  const out = createByteBuffer(64);
  appendVarint(out, 8);
  appendVarint(out, code);
  appendVarint(out, 18);
  appendText(out, error.message);
  return { status: error.status, headers, body: toBytes(out) };
}
