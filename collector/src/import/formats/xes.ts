import {
  addField,
  type ActivityRecord,
  type FieldValue,
  type Parser,
  toExactNumber,
  type UnreadableRecord,
} from "../file-record.ts";
import { createXmlParser } from "./xml.ts";

const ATTRIBUTES = new Set(["string", "date", "int", "float", "boolean", "id", "list", "container"]);

/** Describes the log, not what happened. */
const IGNORED = new Set(["global", "extension", "classifier"]);

type XesRecord = ActivityRecord | UnreadableRecord;

/**
 * XES (IEEE 1849): each event becomes a record with its trace's attributes as the case. Nested attributes are joined by
 * dots. The attributes of a trace count for the events that follow them, as the standard orders them.
 */
export function createXesParser(): Parser<XesRecord> {
  const reader = createXesReader();
  return createXmlParser(reader);
}

interface XesReader {
  items: XesRecord[];
  open: (name: string, attributes: Record<string, string>) => void;
  close: (name: string) => void;
}

function createXesReader(): XesReader {
  const records: XesRecord[] = [];
  const names: string[] = [];
  let ignoredDepth = 0;
  let trace = new Map<string, FieldValue>();
  let event: Map<string, FieldValue> | undefined;
  let isInTrace = false;
  return {
    items: records,
    open: (name, attributes) => {
      if (ignoredDepth > 0 || IGNORED.has(name)) ignoredDepth += 1;
      else if (name === "trace") {
        trace = new Map();
        isInTrace = true;
      } else if (name === "event") event = new Map();
      else if (ATTRIBUTES.has(name)) {
        names.push(attributes["key"] ?? "");
        const target = event ?? (isInTrace ? trace : undefined);
        const value = attributes["value"];
        if (target !== undefined && value !== undefined) addField(target, names.join("."), toValue(name, value));
      }
    },
    close: (name) => {
      if (ignoredDepth > 0) ignoredDepth -= 1;
      else if (ATTRIBUTES.has(name)) names.pop();
      else if (name === "trace") {
        trace = new Map();
        isInTrace = false;
      } else if (name === "event" && event !== undefined) {
        records.push(toRecord(trace, event));
        event = undefined;
      }
    },
  };
}

function toValue(kind: string, value: string): FieldValue {
  if (kind === "int" || kind === "float") return toExactNumber(value);
  return kind === "boolean" && (value === "true" || value === "false") ? value === "true" : value;
}

function toRecord(trace: ReadonlyMap<string, FieldValue>, event: Map<string, FieldValue>): XesRecord {
  const activity = event.get("concept:name");
  const time = event.get("time:timestamp");
  if (activity === undefined) return { kind: "unreadable", reason: "the event has no concept:name" };
  if (typeof time !== "string") return { kind: "unreadable", reason: "the event has no time:timestamp" };
  event.delete("concept:name");
  event.delete("time:timestamp");
  const name = trace.get("concept:name");
  const fields = name === undefined || trace.has("id") ? trace : new Map([...trace, ["id", name]]);
  return { kind: "activity", activity: String(activity), time, case: fields, event, objects: [] };
}
