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

/** AA: it is kept. AE: it is not, send it again. AR: it is no message that anybody could take. */
export type AckCode = "AA" | "AE" | "AR";

/** The acknowledgement of a message, in its own delimiters; undefined when it has no header that could be answered. */
export function toAck(message: Buffer, code: AckCode, at: Date): string | undefined {
  const header = message.toString("latin1").split(/[\r\n]/, 1)[0] ?? "";
  if (!/^MSH[^\w\s]/.test(header)) return undefined;
  const separator = header.charAt(3);
  const fields = header.split(separator);
  const field = (number: number) => fields[number - 1] ?? "";
  const time = at.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
  const answer = ["MSH", field(2), field(5), field(6), field(3), field(4), time, "", "ACK", field(10), field(11)];
  return `${[...answer, field(12)].join(separator)}\rMSA${separator}${code}${separator}${field(10)}\r`;
}
