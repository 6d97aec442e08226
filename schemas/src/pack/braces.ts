/** A piece of a text with fields in braces. */
export type BracePart<Field> = { kind: "text"; text: string } | Field;

export type BraceResult<Field> = { ok: true; parts: BracePart<Field>[] } | { ok: false; message: string };

/**
 * Cuts a text into what stands in braces and what does not; `{{` and `}}` stand for braces. `parseField` reads what stands
 * between two braces, or says as text what is wrong with it.
 */
export function parseBraces<Field extends object>(
  template: string,
  parseField: (source: string) => Field | string,
): BraceResult<Field> {
  const parts: BracePart<Field>[] = [];
  let text = "";
  for (let at = 0; at < template.length;) {
    const pair = template.slice(at, at + 2);
    if (pair === "{{" || pair === "}}") {
      text += pair[0];
      at += 2;
    } else if (template[at] === "{") {
      const end = template.indexOf("}", at);
      if (end === -1) return { ok: false, message: `has a "{" without its "}"` };
      const field = parseField(template.slice(at + 1, end));
      if (typeof field === "string") return { ok: false, message: field };
      if (text !== "") parts.push({ kind: "text", text });
      text = "";
      parts.push(field);
      at = end + 1;
    } else if (template[at] === "}") {
      return { ok: false, message: `has a "}" without its "{"` };
    } else {
      text += template[at];
      at += 1;
    }
  }
  if (text !== "") parts.push({ kind: "text", text });
  return { ok: true, parts };
}
