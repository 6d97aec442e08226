import { type Context, ROOT_CONTEXT, context } from "@opentelemetry/api";
import { fromTraceparent, toTraceparent } from "./headers.ts";

/** The segment of our own that carries a trace: `ZTP|<traceparent>`. */
const NAME = "ZTP";
const MAX_PART = 200;
/** Of the field separator, which must not be part of what is written. */
const WRITTEN = /[0-9A-Za-z-]/;
/** What a message carries, and under which keys it can be found where it carries nothing. */
export interface CarriedMessage {
  context: Context | undefined;
  /** Of the message itself: sending application, facility and MSH-10. */
  key: string | undefined;
  /** Of the message that this one answers, by MSA-2. */
  answers: string | undefined;
}

/**
 * Adds the segment `ZTP|<traceparent>` to the end of an HL7 v2 message, in place of one that is there. Receivers must ignore
 * segments that they do not know; for one that does not, remember `key` in a registry instead. A batch and what is no message
 * stay as they are. Never throws.
 */
export function injectHl7(message: string, from: Context = context.active()): { text: string; stamped: number } {
  const traceparent = toTraceparent(from);
  const read = readMessage(message);
  if (traceparent === undefined || read === undefined) return { text: message, stamped: 0 };
  const { opening, lines, separator, field, closing } = read;
  const kept = lines.filter((line) => !line.startsWith(`${NAME}${field}`));
  const body = [...kept, `${NAME}${field}${traceparent}`].join(separator);
  return { text: `${opening}${body}${closing === "" ? separator : closing}`, stamped: 1 };
}

/** Never throws; a text that is no message carries nothing. */
export function extractHl7(message: string, onto: Context = ROOT_CONTEXT): CarriedMessage {
  const read = readMessage(message);
  if (read === undefined) return { context: undefined, key: undefined, answers: undefined };
  const { lines, field } = read;
  const find = (name: string) => lines.find((line) => line.startsWith(`${name}${field}`))?.split(field);
  // MSH-1 is the separator itself, so MSH-n is at n - 1.
  const [, , application, facility, toApplication, toFacility, , , , control] = find("MSH") ?? [];
  const carried = fromTraceparent(find(NAME)?.[1], onto);
  return {
    context: carried === onto ? undefined : carried,
    key: toKey(application, facility, control),
    answers: toKey(toApplication, toFacility, find("MSA")?.[2]),
  };
}

function readMessage(message: string) {
  const { opening, text, closing } = unframe(message);
  const field = text[3] ?? "";
  if (!text.startsWith("MSH") || field === "" || WRITTEN.test(field)) return undefined;
  const separator = text.includes("\r\n") ? "\r\n" : text.includes("\r") ? "\r" : "\n";
  const lines = text.split(separator);
  if (lines.filter((line) => line.startsWith("MSH")).length > 1) return undefined;
  return { opening, lines, separator: lines.length === 1 ? "\r" : separator, field, closing };
}

function unframe(message: string) {
  let start = 0;
  let end = message.length;
  while (start < end && isFrame(message[start])) start++;
  while (end > start && isFrame(message[end - 1])) end--;
  return { opening: message.slice(0, start), text: message.slice(start, end), closing: message.slice(end) };
}

/** What may stand around a message: a mark of byte order, the blocks of MLLP, line breaks. */
function isFrame(character = ""): boolean {
  return character.trim() === "" || character === "\u001C";
}

function toKey(
  application: string | undefined,
  facility: string | undefined,
  control: string | undefined,
): string | undefined {
  const parts = [application ?? "", facility ?? "", control ?? ""].map((part) => part.trim());
  if (parts[2] === "" || parts.some((part) => part.length > MAX_PART)) return undefined;
  return `hl7:${parts.map((part) => part.replaceAll("%", "%25").replaceAll("/", "%2F")).join("/")}`;
}
