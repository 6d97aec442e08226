import type { NativeNode } from "../document.ts";

/** A JSON value as nodes: members are children, a list is several children of one name. Numbers stay as JSON writes them. */
export function toNodes(name: string, value: unknown): NativeNode[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((entry: unknown) => toNodes(name, entry));
  if (typeof value === "object")
    return [{ name, children: Object.entries(value).flatMap(([key, member]) => toNodes(key, member)) }];
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return [{ name, text: String(value), children: [] }];
  return [];
}

/** The text of a child, for what names a document. */
export function textOf(node: NativeNode | undefined, ...names: string[]): string {
  let at = node;
  for (const name of names) at = at?.children.find((child) => child.name === name);
  return at?.text?.trim() ?? "";
}
