import { type Rational, parseRational } from "@throughline/schemas/exact/rational";
import type { Entry, Side } from "./entry.ts";

export function decimal(text: string): Rational {
  const value = parseRational(text);
  if (!value) throw new Error(`not a decimal: ${text}`);
  return value;
}

/** An entry of one movement; `takenBack` says how much of it, and when. */
export function toEntry(
  side: Side,
  value: string,
  options: { id?: string; key?: string; at?: number; period?: string; takenBack?: readonly [number, string][] } = {},
): Entry {
  const { at = 0, key = value, period = "2026-03", takenBack = [] } = options;
  const movements = [
    { at, value: decimal(value) },
    ...takenBack.map(([when, text]) => ({ at: when, value: decimal(text) })),
  ];
  return { side, id: options.id ?? `${side}-${key}-${at}`, key, movements, period };
}
