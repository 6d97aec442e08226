import type { ObjectRef } from "@throughline/schemas/event";
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
  crosswalks: CrosswalkSet;
  notes: MappingNotes;
}

/** The objects of a record, each once. What a crosswalk does not know is named as it was sent. */
export function toObjects(record: MappedRecord, rules: readonly CompiledObject[]): ObjectRef[] {
  const found = new Map<string, ObjectRef>();
  for (const rule of rules) {
    const scopes = rule.each === undefined ? [record.scope] : listRecords(record.document, record.scope, rule.each);
    let isFound = false;
    for (const scope of scopes) {
      const id = rule.id(record.document, scope);
      if (id === undefined) continue;
      isFound = true;
      const named = rule.crosswalk === undefined ? id : translate(record, rule.crosswalk, id);
      const key = `${rule.type} ${named}`;
      if (!found.has(key))
        found.set(key, { type: rule.type, id: named, ...(rule.role === undefined ? {} : { role: rule.role }) });
    }
    if (!isFound && rule.isRequired)
      record.notes.addProblem(`missing_${rule.type}`, `the document does not say which ${rule.type} it is about`);
  }
  return [...found.values()];
}

export function translate(record: MappedRecord, table: string, value: string): string {
  const result = record.crosswalks.translate(table, value, record.day);
  if (result.kind === "found") return result.value;
  record.notes.addUnknown(table, value);
  return value;
}
