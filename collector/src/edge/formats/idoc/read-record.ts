import type { NativeNode } from "../document.ts";
import type { RecordLayout } from "./segment-layouts.ts";

const NO_CHILDREN: readonly NativeNode[] = [];
/** What a record holds beyond what is known of it. */
const REST = "SDATA";

/** The fields of a record as nodes, those that say something; what stands behind the last one is a field without a name of its own. */
export function readRecord(text: string, layout: RecordLayout): NativeNode[] {
  const fields: NativeNode[] = [];
  const add = (name: string, value: string) => {
    const trimmed = value.trim();
    if (trimmed !== "") fields.push({ name, text: trimmed, children: NO_CHILDREN });
  };
  let at = 0;
  for (const { name, length } of layout) {
    add(name === "" ? REST : name, text.slice(at, at + length));
    at += length;
  }
  add(REST, text.slice(at));
  return fields;
}
