import {
  appendBigInt64,
  appendBytes,
  appendText,
  appendVarint,
  createByteBuffer,
  toBytes,
} from "@throughline/schemas/clickhouse/byte-buffer";
import type { ByteBuffer } from "@throughline/schemas/clickhouse/byte-buffer";
import type { EventBody } from "./business-events.ts";

const NAMES = ["POST /orders", "SELECT purchase_order", "publish 855", "map document", "GET /stock"];
const MARK = 0xfefe_fefe;
const NS_PER_MS = 1_000_000n;

/** An OTLP request of spans with ten attributes each; ids and times are written anew before each use. */
export function createSpanBody(count: number, random: () => number): EventBody {
  const spans = createByteBuffer(count * 512);
  appendMessage(spans, 10, (scope) => appendTextField(scope, 10, "throughline.bench"));
  for (let index = 0; index < count; index++) appendMessage(spans, 18, (span) => appendSpan(span, index));
  const request = createByteBuffer(spans.size + 1024);
  appendMessage(request, 10, (resource) => {
    appendMessage(resource, 10, (description) => {
      appendAttribute(description, 10, ["service.name", "till"]);
      appendAttribute(description, 10, ["service.version", "4.2.0"]);
      appendAttribute(description, 10, ["host.name", "node-17.hospital.example"]);
    });
    appendMessage(resource, 18, (scope) => appendBytes(scope, toBytes(spans)));
  });
  const bytes = Buffer.from(toBytes(request));
  const slots = findMarks(bytes);
  return {
    bytes,
    count,
    renew: (_, now) => {
      const startNs = BigInt(now.getTime()) * NS_PER_MS;
      for (const at of slots) {
        for (let offset = 0; offset < 16; offset += 4) bytes.writeUInt32LE(random(), at + offset);
        for (let offset = 18; offset < 26; offset += 4) bytes.writeUInt32LE(random(), at + offset);
        bytes.writeBigUInt64LE(startNs, at + 27);
        bytes.writeBigUInt64LE(startNs + 1_500_000n, at + 36);
      }
    },
  };
}

/** Trace id, span id, start and end stand one behind the other, so that one mark finds them all. */
function appendSpan(span: ByteBuffer, index: number) {
  const mark = Buffer.alloc(16);
  for (let offset = 0; offset < 16; offset += 4) mark.writeUInt32LE(MARK, offset);
  appendBytesField(span, 10, mark);
  appendBytesField(span, 18, Buffer.alloc(8, 1));
  appendVarint(span, 57);
  appendBigInt64(span, 0n);
  appendVarint(span, 65);
  appendBigInt64(span, 0n);
  appendTextField(span, 42, NAMES[index % NAMES.length] ?? "");
  appendVarint(span, 48);
  appendVarint(span, 2);
  const attributes: [string, string][] = [
    ["http.request.method", "POST"],
    ["http.route", "/api/orders/{id}/lines"],
    ["http.response.status_code", "202"],
    ["server.address", "erp.hospital.example"],
    ["network.protocol.version", "1.1"],
    ["db.system", "postgresql"],
    ["db.operation.name", "INSERT"],
    ["thread.name", `worker-${index % 16}`],
    ["throughline.site", `site-${index % 3}`],
    ["order.lines", String(index % 40)],
  ];
  for (const attribute of attributes) appendAttribute(span, 74, attribute);
}

function appendMessage(out: ByteBuffer, tag: number, fill: (inner: ByteBuffer) => void) {
  const inner = createByteBuffer(256);
  fill(inner);
  appendBytesField(out, tag, toBytes(inner));
}

function appendBytesField(out: ByteBuffer, tag: number, bytes: Uint8Array) {
  appendVarint(out, tag);
  appendVarint(out, bytes.length);
  appendBytes(out, bytes);
}

function appendTextField(out: ByteBuffer, tag: number, text: string) {
  appendVarint(out, tag);
  appendText(out, text);
}

function appendAttribute(out: ByteBuffer, tag: number, [key, value]: [string, string]) {
  appendMessage(out, tag, (pair) => {
    appendTextField(pair, 10, key);
    appendMessage(pair, 18, (any) => appendTextField(any, 10, value));
  });
}

function findMarks(bytes: Buffer): number[] {
  const mark = Buffer.alloc(16, 0xfe);
  const found: number[] = [];
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 16)) found.push(at);
  return found;
}
