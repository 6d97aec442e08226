import type { FieldValue, ObjectDescription } from "./file-record.ts";

/** The objects that a file describes: their types, and their attributes where a mapping asks for them. */
export interface ObjectTable {
  add: (object: ObjectDescription) => void;
  findType: (id: string) => string | undefined;
  /** The value of an attribute at an instant (milliseconds): its last change until then. */
  findAttribute: (id: string, name: string, at: number) => FieldValue | undefined;
  count: () => number;
  countRelations: () => number;
}

/** Memory grows with the number of objects; attributes are kept only when `keepsAttributes`. */
export function createObjectTable(keepsAttributes: boolean): ObjectTable {
  const types = new Map<string, string>();
  const attributes = new Map<string, ObjectDescription["attributes"]>();
  let relations = 0;
  return {
    add: (object) => {
      types.set(object.id, object.type);
      relations += object.relations;
      if (!keepsAttributes || object.attributes.length === 0) return;
      attributes.set(object.id, [...(attributes.get(object.id) ?? []), ...object.attributes].toSorted(byTime));
    },
    findType: (id) => types.get(id),
    findAttribute: (id, name, at) =>
      attributes.get(id)?.findLast((change) => change.name === name && !(toMillis(change.time) > at))?.value,
    count: () => types.size,
    countRelations: () => relations,
  };
}

function byTime(a: { time: string }, b: { time: string }): number {
  return toMillis(a.time) - toMillis(b.time);
}

/** Times without an offset are compared as UTC: all of one file are written alike. */
function toMillis(time: string): number {
  if (time === "") return Number.NEGATIVE_INFINITY;
  const parsed = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time}Z`);
  return Number.isNaN(parsed) ? Number.NEGATIVE_INFINITY : parsed;
}
