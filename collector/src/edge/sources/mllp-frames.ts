const START = 0x0b;
const END = 0x1c;

/** Cuts MLLP frames out of bytes that may be cut anywhere; what stands outside of frames is left out. */
export function createMllpFrames(maxBytes: number) {
  let held = Buffer.alloc(0);
  return {
    /** Throws a RangeError when a frame is larger than the bound. */
    write: (bytes: Uint8Array): Buffer[] => {
      held = Buffer.concat([held, bytes]);
      const messages: Buffer[] = [];
      for (;;) {
        const start = held.indexOf(START);
        if (start < 0) {
          held = Buffer.alloc(0);
          return messages;
        }
        const end = held.indexOf(END, start + 1);
        if (end < 0) {
          held = held.subarray(start);
          if (held.length > maxBytes) throw new RangeError(`A frame is larger than ${maxBytes} bytes.`);
          return messages;
        }
        messages.push(Buffer.from(held.subarray(start + 1, end)));
        held = held.subarray(end + 1);
      }
    },
  };
}

export function toMllpFrame(message: string): Buffer {
  return Buffer.concat([Buffer.from([START]), Buffer.from(message, "latin1"), Buffer.from([END, 0x0d])]);
}

/** AA: it is kept. AE: it is not, send it again. */
export type AckCode = "AA" | "AE";

/** The first segment of a message: it begins with the signs that all of it is written with. Undefined where nothing could be answered. */
export function findHeader(message: Buffer): string | undefined {
  const end = message.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  const header = message.toString("latin1", 0, end === -1 ? message.length : end);
  return /^MSH[^\w\s]/.test(header) ? header : undefined;
}

/** The acknowledgement of a message with this header, in its own delimiters. */
export function toAck(header: string, code: AckCode, at: Date): string {
  const separator = header.charAt(3);
  const fields = header.split(separator);
  const field = (number: number) => fields[number - 1] ?? "";
  const time = at.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
  const answer = ["MSH", field(2), field(5), field(6), field(3), field(4), time, "", "ACK", field(10), field(11)];
  return `${[...answer, field(12)].join(separator)}\rMSA${separator}${code}${separator}${field(10)}\r`;
}
