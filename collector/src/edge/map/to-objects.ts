import type { ObjectRef } from "@throughline/schemas/event";
import type { PathStep } from "@throughline/schemas/pack/document-path";
import type { NativeDocument } from "../formats/document.ts";
import type { CompiledObject } from "./compile-document-mapping.ts";
import type { CrosswalkSet } from "./crosswalk-set.ts";
import { listRecords, type Scope } from "./find-value.ts";
import type { MappingNotes } from "./mapping-notes.ts";

/** A record that is being mapped. `day` begins with the day on which crosswalks are asked. */
export interface MappedRecord {
  document: NativeDocument;
  scope: Scope;
  day: string;
  site: string | undefined;
  crosswalks: CrosswalkSet;
  notes: MappingNotes;
}

/** The objects of a record, each once. What a crosswalk does not know is named as it was sent. */
export function toObjects(record: MappedRecord, rules: readonly CompiledObject[]): ObjectRef[] {
  const found: ObjectRef[] = [];
  const add = createAdder(found);
  for (const rule of rules) {
    const count = rule.each === undefined ? addOne(record, rule, add) : addEach(record, rule, { each: rule.each, add });
    if (count === 0 && rule.isRequired)
      record.notes.addProblem(`missing_${rule.type}`, `the document does not say which ${rule.type} it is about`);
  }
  return found;
}

function addEach(
  record: MappedRecord,
  rule: CompiledObject,
  { each, add }: { each: PathStep; add: (object: ObjectRef) => void },
): number {
  let count = 0;
  for (const scope of listRecords(record.document, record.scope, each))
    count += addOne({ ...record, scope }, rule, add);
  return count;
}

function addOne(record: MappedRecord, rule: CompiledObject, add: (object: ObjectRef) => void): number {
  const written = rule.id(record.document, record.scope);
  if (written === undefined) return 0;
  const id = rule.crosswalk === undefined ? written : translate(record, rule.crosswalk, written);
  add(rule.role === undefined ? { type: rule.type, id } : { type: rule.type, id, role: rule.role });
  return 1;
}

const FEW = 16;

/** Adds an object unless it is there: by looking at all of them while they are few. */
function createAdder(found: ObjectRef[]): (object: ObjectRef) => void {
  let known: Set<string> | undefined;
  const keyOf = ({ type, id }: ObjectRef) => `${type} ${id}`;
  return (object) => {
    if (found.length < FEW) {
      for (const { type, id } of found) if (id === object.id && type === object.type) return;
    } else {
      known ??= new Set(found.map(keyOf));
      const key = keyOf(object);
      if (known.has(key)) return;
      known.add(key);
    }
    found.push(object);
  };
}

export function translate(record: MappedRecord, table: string, value: string): string {
  const result = record.crosswalks.translate(table, value, { time: record.day, site: record.site });
  if (result.kind === "found") {
    if (record.crosswalks.names(table, value)) record.notes.addUse({ table, value, to: result.value });
    return result.value;
  }
  record.notes.addUnknown(table, value);
  return value;
}
