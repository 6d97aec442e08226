import type { Separators } from "../document.ts";

/** A header of a message: MSH, BHS or FHS name their own separators right behind their name. */
export type Hl7SignsResult = { kind: "signs"; signs: Separators } | { kind: "unusable"; reason: string };

const UNUSABLE = /[A-Za-z0-9\s]/;

/** Reads the separators of a header. What is not given has its usual sign; one sign for two things is unusable. */
export function readHl7Signs(header: string): Hl7SignsResult {
  const element = header.charAt(3);
  if (element === "" || UNUSABLE.test(element))
    return { kind: "unusable", reason: "has a letter, digit or blank as field separator" };
  const end = header.indexOf(element, 4);
  const written = header.slice(4, end === -1 ? undefined : end);
  const [component = "^", repetition = "~", escape = "\\", subcomponent = "&"] = written;
  const signs = [element, component, repetition, escape, subcomponent];
  if (written.length > 5 || signs.some((sign) => UNUSABLE.test(sign)))
    return { kind: "unusable", reason: "has encoding characters that are letters, digits, blanks, or more than five" };
  if (new Set(signs).size < signs.length) return { kind: "unusable", reason: "uses one sign for two things" };
  return { kind: "signs", signs: { element, component, repetition, escape, subcomponent } };
}
