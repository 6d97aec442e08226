/** Steps of an order line, in their order; the events of one line lie far apart in the stream. */
const STEPS = [
  { type: "procurement.purchase_order.issued", objects: ["purchase_order_line", "purchase_order", "item"] },
  { type: "supplier.purchase_order.acknowledged", objects: ["purchase_order_line", "message", "purchase_order"] },
  { type: "supplier.shipment.notified", objects: ["purchase_order_line", "shipment", "lot"] },
  { type: "receiving.goods_receipt.recorded", objects: ["purchase_order_line", "goods_receipt", "lot"] },
  { type: "erp.goods_receipt.posted", objects: ["purchase_order_line", "goods_receipt", "journal_entry"] },
  { type: "erp.invoice.received", objects: ["purchase_order_line", "invoice", "purchase_order"] },
] as const;

const SITES = 3;
const LINES_BETWEEN = 2000;
const LINE_DIGITS = 9;
/** Spreads the numbers of lines over all that have so many digits, each to another. */
const SCATTER = 387_420_489;
const HEX = Buffer.from("0123456789abcdef");
const DIGITS = Buffer.from("0123456789");

/** A body of events whose ids, lines and times are written anew before each use, so that no two sent are the same. */
export interface EventBody {
  bytes: Buffer;
  count: number;
  /** Gives the events new ids and times, and makes them those that begin with number `first` of the stream. */
  renew(first: number, now: Date): void;
}

interface Slots {
  randoms: { at: number; length: number }[];
  lines: number[];
  times: number[];
}

/** A batch of business events of about 550 bytes each. */
export function createEventBody(count: number, random: () => number): EventBody {
  const text: string[] = [];
  const slots: Slots[] = [];
  let offset = 1;
  for (let index = 0; index < count; index++) {
    const event = toTemplate(index);
    text.push(event);
    slots.push(findSlots(event, offset));
    offset += event.length + 1;
  }
  const bytes = Buffer.from(`[${text.join(",")}]`);
  return {
    bytes,
    count,
    renew: (first, now) => {
      const time = Buffer.from(now.toISOString());
      slots.forEach((slot, index) => {
        const step = (first + index) % STEPS.length;
        const line = Math.floor((first + index) / STEPS.length) + (STEPS.length - step) * LINES_BETWEEN;
        const number = (line * SCATTER) % 10 ** LINE_DIGITS;
        for (const { at, length } of slot.randoms) writeHex(bytes, { at, length }, random);
        for (const at of slot.lines) writeDigits(bytes, at, number);
        for (const at of slot.times) time.copy(bytes, at);
      });
    },
  };
}

/** `§` marks hexadecimal digits, `#` digits of the line, `@` the time. */
function toTemplate(index: number): string {
  const step = STEPS[index % STEPS.length] ?? STEPS[0];
  const event = {
    specversion: "1.0",
    id: `${"~".repeat(8)}-${"~".repeat(4)}-${"~".repeat(4)}-${"~".repeat(4)}-${"~".repeat(12)}`,
    source: `urn:hospital:${step.type.split(".")[0]}:main`,
    type: step.type,
    time: "@".repeat(24),
    site: `site-${index % SITES}`,
    traceparent: `00-${"~".repeat(32)}-${"~".repeat(16)}-01`,
    data: {
      objects: step.objects.map((type) => ({ type, id: `${type.slice(0, 2)}-${"#".repeat(LINE_DIGITS)}` })),
      outcome: "ok",
      measures: { quantity: { value: "10", unit: "EA" }, amount: { value: "240.00", currency: "USD" } },
      attributes: { line_status: "IA", receipt_expected: true, transaction: "850" },
    },
  };
  return JSON.stringify(event);
}

function findSlots(event: string, offset: number): Slots {
  const find = (pattern: RegExp) =>
    [...event.matchAll(pattern)].map((match) => ({ at: offset + match.index, length: match[0].length }));
  return {
    randoms: find(/~+/g),
    lines: find(/#+/g).map(({ at }) => at),
    times: find(/@+/g).map(({ at }) => at),
  };
}

function writeHex(bytes: Buffer, { at, length }: { at: number; length: number }, random: () => number) {
  for (let done = 0; done < length;) {
    let bits = random();
    for (let digit = 0; digit < 7 && done < length; digit++, done++) {
      bytes[at + done] = HEX[bits & 15] ?? 0;
      bits >>>= 4;
    }
  }
}

function writeDigits(bytes: Buffer, at: number, value: number) {
  let rest = value;
  for (let digit = LINE_DIGITS - 1; digit >= 0; digit--) {
    bytes[at + digit] = DIGITS[rest % 10] ?? 0;
    rest = Math.floor(rest / 10);
  }
}

/** A fast generator of 32-bit numbers (xorshift), the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e37_79b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
