import type { NativeDocument, NativeNode } from "../formats/document.ts";
import { isTraceparent } from "./traceparent.ts";

/** What carries a trace where a format has no header for it: which segment, what marks it, and where the traceparent stands. */
const CARRIERS: Partial<Record<NativeDocument["format"], (node: NativeNode) => string | undefined>> = {
  // REF*ZZ*TRACEPARENT*<traceparent>: REF02 may hold 30 characters only.
  x12: ({ name, elements }) => (name === "REF" && elements?.[2] === "TRACEPARENT" ? elements[3] : undefined),
  // ZTP|<traceparent>
  hl7v2: ({ name, elements }) => (name === "ZTP" ? elements?.[1] : undefined),
};

/** The W3C traceparent that a document carries in its own segments, as the SDK writes it; undefined when it carries none. */
export function findCarriedTrace({ format, root }: Pick<NativeDocument, "format" | "root">): string | undefined {
  const carrier = CARRIERS[format];
  if (carrier === undefined) return undefined;
  const waiting: NativeNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const carried = carrier(node)?.trim().toLowerCase();
    if (carried !== undefined && isTraceparent(carried)) return carried;
    waiting.push(...node.children);
  }
  return undefined;
}
