import {
  type ActivityRecord,
  addField,
  type FieldValue,
  type FileObject,
  type ObjectDescription,
  type Parser,
  type UnreadableRecord,
} from "../file-record.ts";
import { createXmlParser } from "./xml.ts";

export type OcelItem = ActivityRecord | UnreadableRecord | ObjectDescription;

interface OpenElement {
  kind: "event" | "object";
  id: string;
  type: string;
  time: string;
  fields: Map<string, FieldValue>;
  changes: { name: string; time: string; value: string }[];
  objects: FileObject[];
}

const ALWAYS = /^(0|1970-01-01T00:00:00(\.0+)?(Z|[+-]00:00)?)?$/;

/** OCEL 2.0 in XML. Objects of events carry an empty type: the types stand with the objects, anywhere in the file. */
export function createOcelXmlParser(): Parser<OcelItem> {
  const items: OcelItem[] = [];
  const ancestors: string[] = [];
  let open: OpenElement | undefined;
  let attribute: Record<string, string> = {};
  return createXmlParser({
    items,
    open: (name, attributes) => {
      const parent = ancestors.at(-1);
      ancestors.push(name);
      if (open === undefined) {
        if (name === "event" && parent === "events") open = toOpen("event", attributes);
        if (name === "object" && parent === "objects") open = toOpen("object", attributes);
      } else if (name === "attribute") attribute = attributes;
      else if (name === "relationship" || name === "object") {
        const id = attributes["object-id"];
        if (id !== undefined) open.objects.push({ type: "", id, role: attributes["qualifier"] });
      }
    },
    close: (name, text) => {
      ancestors.pop();
      if (open === undefined) return;
      if (name === "attribute") addAttribute(open, attribute, text);
      if (name !== open.kind || ancestors.at(-1) !== `${name}s` || ancestors.length !== 2) return;
      items.push(open.kind === "object" ? toDescription(open) : toRecord(open));
      open = undefined;
    },
  });
}

function toOpen(kind: OpenElement["kind"], attributes: Record<string, string>): OpenElement {
  const { id = "", type = "", time = "" } = attributes;
  return { kind, id, type, time, fields: new Map(), changes: [], objects: [] };
}

function addAttribute(open: OpenElement, attribute: Record<string, string>, text: string): void {
  const { name = "", time = "" } = attribute;
  if (open.kind === "event") addField(open.fields, name, text);
  else open.changes.push({ name, time: toChangeTime(time), value: text });
}

/** The time of a change, empty for a value that was never another. */
export function toChangeTime(time: string): string {
  return ALWAYS.test(time) ? "" : time;
}

function toDescription(open: OpenElement): ObjectDescription {
  return { kind: "object", id: open.id, type: open.type, attributes: open.changes, relations: open.objects.length };
}

function toRecord(open: OpenElement): ActivityRecord | UnreadableRecord {
  if (open.type === "") return { kind: "unreadable", reason: "the event has no type" };
  if (open.time === "") return { kind: "unreadable", reason: "the event has no time" };
  open.fields.set("id", open.id);
  return {
    kind: "activity",
    activity: open.type,
    time: open.time,
    case: new Map(),
    event: open.fields,
    objects: open.objects,
  };
}
