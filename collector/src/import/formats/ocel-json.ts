import { z } from "zod";
import {
  type ActivityRecord,
  addField,
  type FieldValue,
  type ObjectDescription,
  type Parser,
  type UnreadableRecord,
} from "../file-record.ts";
import { createJsonParser } from "./json.ts";
import { type OcelItem, toChangeTime } from "./ocel-xml.ts";

/** OCEL 2.0 in JSON, and OCEL 1.0 in JSON, whose keys start with `ocel:`. */
export function createOcelJsonParser(): Parser<OcelItem> {
  return createJsonParser(["$.events.*", "$.objects.*", "$.ocel:events.*", "$.ocel:objects.*"], (value, key, list) => {
    if (list === "events") return toEvent(value);
    if (list === "objects") return toObject(value);
    return list === "ocel:events" ? toFirstEvent(value, String(key)) : toFirstObject(value, String(key));
  });
}

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const id = z.union([z.string(), z.number()]).transform(String);

const relation = z.object({ objectId: id, qualifier: z.string().nullish() });

const event = z.object({
  id,
  type: z.string().min(1),
  time: z.union([z.string(), z.number()]),
  attributes: z.object({ name: z.string(), value: scalar }).array().nullish(),
  relationships: relation.array().nullish(),
});

const object = z.object({
  id,
  type: z.string().min(1),
  attributes: z.object({ name: z.string(), time: z.string().nullish(), value: scalar }).array().nullish(),
  relationships: relation.array().nullish(),
});

const firstEvent = z.object({
  "ocel:activity": z.string().min(1),
  "ocel:timestamp": z.union([z.string(), z.number()]),
  "ocel:omap": id.array().nullish(),
  "ocel:vmap": z.record(z.string(), z.union([scalar, scalar.array()])).nullish(),
});

const firstObject = z.object({
  "ocel:type": z.string().min(1),
  "ocel:ovmap": z.record(z.string(), z.unknown()).nullish(),
});

function toEvent(value: unknown): OcelItem {
  const parsed = event.safeParse(value);
  if (!parsed.success) return toUnreadable("event", parsed.error);
  const { type, time, attributes, relationships } = parsed.data;
  const fields = new Map<string, FieldValue>();
  for (const entry of attributes ?? []) if (entry.value !== null) addField(fields, entry.name, entry.value);
  fields.set("id", parsed.data.id);
  const objects = (relationships ?? []).map((entry) => ({
    type: "",
    id: entry.objectId,
    role: entry.qualifier ?? undefined,
  }));
  return { kind: "activity", activity: type, time, case: new Map(), event: fields, objects };
}

function toObject(value: unknown): ObjectDescription | UnreadableRecord {
  const parsed = object.safeParse(value);
  if (!parsed.success) return toUnreadable("object", parsed.error);
  const attributes = (parsed.data.attributes ?? []).flatMap((entry) =>
    entry.value === null ? [] : [{ name: entry.name, time: toChangeTime(entry.time ?? ""), value: entry.value }],
  );
  return {
    kind: "object",
    id: parsed.data.id,
    type: parsed.data.type,
    attributes,
    relations: parsed.data.relationships?.length ?? 0,
  };
}

function toFirstEvent(value: unknown, key: string): ActivityRecord | UnreadableRecord {
  const parsed = firstEvent.safeParse(value);
  if (!parsed.success) return toUnreadable("event", parsed.error);
  const fields = new Map<string, FieldValue>();
  for (const [name, entry] of Object.entries(parsed.data["ocel:vmap"] ?? {})) {
    if (Array.isArray(entry)) fields.set(name, entry.map(String));
    else if (entry !== null) fields.set(name, entry);
  }
  fields.set("id", key);
  const objects = (parsed.data["ocel:omap"] ?? []).map((entry) => ({ type: "", id: entry, role: undefined }));
  const { "ocel:activity": activity, "ocel:timestamp": time } = parsed.data;
  return { kind: "activity", activity, time, case: new Map(), event: fields, objects };
}

function toFirstObject(value: unknown, key: string): ObjectDescription | UnreadableRecord {
  const parsed = firstObject.safeParse(value);
  if (!parsed.success) return toUnreadable("object", parsed.error);
  const attributes = Object.entries(parsed.data["ocel:ovmap"] ?? {}).flatMap(([name, entry]) => {
    const read = scalar.safeParse(entry);
    return read.success && read.data !== null ? [{ name, time: "", value: read.data }] : [];
  });
  return { kind: "object", id: key, type: parsed.data["ocel:type"], attributes, relations: 0 };
}

function toUnreadable(what: string, error: z.ZodError): UnreadableRecord {
  const [issue] = error.issues;
  return {
    kind: "unreadable",
    reason: `the ${what}'s ${issue?.path.join(".") ?? "content"}: ${issue?.message ?? "is wrong"}`,
  };
}
