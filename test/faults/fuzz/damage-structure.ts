import type { Random } from "./random.ts";

/** The units of a text and the values in them, by how it is written. */
const SYNTAXES = {
  segments: { unit: /[^~\r\n]*[~\r\n]*/g, value: /[^*|^&,;\t~\r\n]+/g },
  xml: { unit: /<[^>]*>|[^<]+/g, value: /(?<=["'>])[^"'<>]+(?=["'<])|(?<=<\/?)[\w:.-]+/g },
  json: { unit: /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+|\s+/g, value: /[^\s"{}[\],:]+/g },
} as const;

const LONG = 100_000;
/** What stands where nobody expects it: names of members of objects, numbers out of bounds, days that are none, odd signs. */
const VALUES = [
  "",
  " ",
  "0",
  "-0",
  "-1",
  "1e999",
  "NaN",
  "9".repeat(400),
  "20260230",
  "00000000",
  "2026-02-30T25:61:61Z",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "\u0000",
  "\ud800",
  "\ufeff",
  "\u202e",
  "=1+1",
  "../../etc/passwd",
  "<!ENTITY a 'b'>",
  "&a;",
  "]]>",
  "\\X00\\",
  "x".repeat(LONG),
];
const MAX_REPEATS = 2000;
/** Repetition makes a text no longer than this. */
const MAX_LENGTH = 2_000_000;

/** Changes the structure of a text: moves, drops, doubles and repeats its segments, tags or tokens, or puts an odd value into one. */
export function damageStructure(text: string, random: Random): string {
  const sign = text.trimStart().charAt(0);
  const { unit, value } = SYNTAXES[sign === "<" ? "xml" : sign === "{" || sign === "[" ? "json" : "segments"];
  const units = text.match(unit) ?? [];
  const at = random.below(units.length);
  const picked = units[at] ?? "";
  const put = (...pieces: string[]) => [...units.slice(0, at), ...pieces, ...units.slice(at + 1)].join("");
  const change = random.of([
    () => put(),
    () => put(picked, picked),
    () => put(random.of(units) ?? "", picked),
    () => put(...units.slice(at, at + random.below(20)), picked),
    () => put(picked.repeat(Math.min(random.below(MAX_REPEATS), Math.floor(MAX_LENGTH / (picked.length + 1))))),
    () => put(replaceOne(picked, value, random)),
    () => put(replaceOne(picked, value, random)),
    () => [...units.slice(at), ...units.slice(0, at)].join(""),
  ]);
  return change?.() ?? text;
}

function replaceOne(unit: string, value: RegExp, random: Random): string {
  const found = [...unit.matchAll(value)];
  const picked = random.of(found);
  if (picked === undefined) return unit;
  return `${unit.slice(0, picked.index)}${random.of(VALUES) ?? ""}${unit.slice(picked.index + picked[0].length)}`;
}
