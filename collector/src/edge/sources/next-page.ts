import type { SourceOf } from "../config/edge-source.ts";

type Cursor = SourceOf<"http-poll">["cursor"];

/** The address of the page behind one; undefined when the API names none. It is always of the same origin. */
export function findNextPage(
  cursor: Cursor,
  { page, asked }: { page: { body: Buffer; headers: Headers }; asked: string },
): string | undefined {
  if (cursor === undefined) return undefined;
  if (cursor.from === "link") return findLink(page.headers.get("link"), asked);
  const value = cursor.from === "header" ? page.headers.get(cursor.header) : findAt(page.body, cursor.at);
  if (value === undefined || value === null || value === "") return undefined;
  const next = new URL(asked);
  next.searchParams.set(cursor.parameter, value);
  return next.href;
}

/** The text or number at a JSON pointer. */
function findAt(body: Buffer, pointer: string): string | undefined {
  try {
    let value: unknown = JSON.parse(body.toString("utf8"));
    for (const step of pointer.slice(1).split("/")) {
      const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
      value = Object.entries(value).find(([key]) => key === name)?.[1];
    }
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

const LINK = /<(?<target>[^>]{1,8192})>(?<parameters>(?:\s*;\s*[^,;]{1,1024}){1,16})/g;

function findLink(header: string | null, asked: string): string | undefined {
  for (const { groups } of (header ?? "").slice(0, 65_536).matchAll(LINK)) {
    const isNext = /;\s*rel\s*=\s*"?(?:[^";]*\s)?next(?:\s[^";]*)?"?\s*(?:;|$)/i.test(groups?.["parameters"] ?? "");
    const target = groups?.["target"];
    if (!isNext || target === undefined || !URL.canParse(target, asked)) continue;
    const next = new URL(target, asked);
    return next.origin === new URL(asked).origin ? next.href : undefined;
  }
  return undefined;
}
