/** Bytes that grow at the end. `size` of `bytes` are in use; the rest is free space. */
export interface ByteBuffer {
  bytes: Buffer;
  size: number;
}

const SHORT_TEXT = 40;

export function createByteBuffer(capacity = 1024): ByteBuffer {
  return { bytes: Buffer.allocUnsafeSlow(capacity), size: 0 };
}

/** The bytes in use, without a copy: valid until the buffer is appended to or emptied. */
export function toBytes(buffer: ByteBuffer): Buffer {
  return buffer.bytes.subarray(0, buffer.size);
}

/** Makes room for `count` more bytes. */
export function reserve(buffer: ByteBuffer, count: number): void {
  const needed = buffer.size + count;
  if (needed <= buffer.bytes.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(needed, buffer.bytes.length * 2));
  buffer.bytes.copy(grown, 0, 0, buffer.size);
  buffer.bytes = grown;
}

export function appendByte(buffer: ByteBuffer, value: number): void {
  reserve(buffer, 1);
  buffer.bytes[buffer.size++] = value;
}

export function appendUint16(buffer: ByteBuffer, value: number): void {
  reserve(buffer, 2);
  buffer.size = buffer.bytes.writeUInt16LE(value, buffer.size);
}

export function appendUint32(buffer: ByteBuffer, value: number): void {
  reserve(buffer, 4);
  const { bytes, size } = buffer;
  bytes[size] = value;
  bytes[size + 1] = value >>> 8;
  bytes[size + 2] = value >>> 16;
  bytes[size + 3] = value >>> 24;
  buffer.size = size + 4;
}

/** A whole number of 64 bits, two's complement; exact for safe integers. */
export function appendInt64(buffer: ByteBuffer, value: number): void {
  const high = Math.floor(value / 4_294_967_296);
  appendUint32(buffer, value - high * 4_294_967_296);
  appendUint32(buffer, high);
}

export function appendBigInt64(buffer: ByteBuffer, value: bigint): void {
  reserve(buffer, 8);
  buffer.size = buffer.bytes.writeBigInt64LE(BigInt.asIntN(64, value), buffer.size);
}

export function appendFloat64(buffer: ByteBuffer, value: number): void {
  reserve(buffer, 8);
  buffer.size = buffer.bytes.writeDoubleLE(value, buffer.size);
}

/** LEB128 of a whole number below 2^53. */
export function appendVarint(buffer: ByteBuffer, value: number): void {
  reserve(buffer, 8);
  let rest = value;
  while (rest >= 128) {
    buffer.bytes[buffer.size++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  buffer.bytes[buffer.size++] = rest;
}

export function appendBytes(buffer: ByteBuffer, bytes: Uint8Array): void {
  reserve(buffer, bytes.length);
  buffer.bytes.set(bytes, buffer.size);
  buffer.size += bytes.length;
}

/** Text as UTF-8 after its length in bytes. Lone surrogates become U+FFFD. */
export function appendText(buffer: ByteBuffer, text: string): void {
  const { length } = text;
  if (length < SHORT_TEXT) {
    reserve(buffer, length + 1);
    const { bytes } = buffer;
    const start = buffer.size + 1;
    let at = 0;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127) break;
      bytes[start + at] = code;
    }
    if (at === length) {
      bytes[start - 1] = length;
      buffer.size = start + length;
      return;
    }
  }
  const sizeBytes = Buffer.byteLength(text);
  appendVarint(buffer, sizeBytes);
  reserve(buffer, sizeBytes);
  buffer.size += buffer.bytes.write(text, buffer.size);
}
