import type { Random } from "../../random.ts";
import type { Utterance } from "../agents/agent.ts";

/** What is left where it broke off, by format: enough to see what it was, too little to read it. */
const KEPT: Partial<Record<Utterance["format"], RegExp>> = {
  // Up to the middle of the segment that begins the set.
  x12: /^[\s\S]*?~ST\*\d/,
  // Up to the middle of the header.
  hl7v2: /^MSH.{20}/,
};

/** A document that was damaged on its way: it breaks off, and a few bytes that are no text follow. */
export function damage(format: Utterance["format"], text: string, random: Random): string {
  const kept = KEPT[format]?.exec(text)?.[0] ?? text.slice(0, Math.floor(text.length * random.between(0.3, 0.7)));
  return `${kept}\u0001${random.hex(4)}\u0000`;
}
