/** Counts what was changed or left out on the way. */
export interface Tally {
  removedAttributes: number;
  clippedTexts: number;
}

const NUL = "\0";
const REPLACEMENT = "\u{FFFD}";

/** Text that any store keeps: at most `max` UTF-16 code units, well-formed, without NUL. */
export function toCleanText(text: string, max: number, tally: Tally): string {
  let clean = text;
  if (clean.length > max) {
    clean = clean.slice(0, max);
    tally.clippedTexts++;
  }
  if (clean.includes(NUL)) clean = clean.replaceAll(NUL, REPLACEMENT);
  return clean.isWellFormed() ? clean : clean.toWellFormed();
}
