import { isFieldValue } from "./w3c.ts";

/** Headers with methods, such as `Headers` of fetch and `MsgHdrs` of NATS. */
interface HeaderMethods {
  get(name: string): unknown;
  set(name: string, value: string): unknown;
}

/** Headers that can be written: with methods, or a plain object as node, AMQP and Kafka have. */
export type WritableHeaders = HeaderMethods | Record<string, unknown>;

/** The text of a header; a list is joined, except that more than one `traceparent` is none. */
export function readHeader(headers: unknown, name: string): string | undefined {
  try {
    const found = findHeader(headers, name);
    const values = Array.isArray(found) ? found : [found];
    if (values.length !== 1 && name.endsWith("traceparent")) return undefined;
    const texts = values.map(toText).filter((text) => text !== "");
    const text = texts.join(",");
    return isFieldValue(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

export function writeHeader(headers: WritableHeaders, name: string, value: string): void {
  try {
    if (hasMethods(headers)) headers.set(name, value);
    else {
      for (const other of Object.keys(headers)) if (isSame(other, name)) Reflect.deleteProperty(headers, other);
      Reflect.set(headers, name, value);
    }
  } catch {
    // Headers that cannot be written carry nothing.
  }
}

function findHeader(headers: unknown, name: string): unknown {
  if (typeof headers !== "object" || headers === null) return undefined;
  if (hasMethods(headers)) return headers.get(name);
  if (Object.hasOwn(headers, name)) return Reflect.get(headers, name);
  const found = Object.keys(headers).find((other) => isSame(other, name));
  return found === undefined ? undefined : Reflect.get(headers, found);
}

function hasMethods(headers: object): headers is HeaderMethods {
  return "get" in headers && typeof headers.get === "function" && "set" in headers && typeof headers.set === "function";
}

function isSame(left: string, right: string): boolean {
  return left.length === right.length && left.toLowerCase() === right.toLowerCase();
}

/** Bytes are read as Latin-1, so that what is no ASCII stays no ASCII. */
function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array) || value.length > 8192) return "";
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1");
}
