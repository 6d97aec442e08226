import { type BaggageEntry, type Context, propagation } from "@opentelemetry/api";
import type { ObjectRef } from "../event.ts";
import { OBJECT_PREFIX } from "./object-prefix.ts";

const MAX_OBJECTS = 64;
const MAX_ID = 512;
/** Of the ids of one type, encoded: an entry of baggage holds 4,096 bytes. */
const MAX_ENCODED = 3900;
/** Of all: half of what baggage holds, since others use it too. */
const MAX_ENCODED_IN_ALL = 4096;
const TYPE = /^[a-z][a-z0-9_]{0,63}$/;
// oxlint-disable-next-line no-control-regex -- ids that are to become headers and attributes must not hold any
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Adds business keys to the baggage of a context: `throughline.object.<type>` with the id, or several parted by `|`; a `|` or
 * `\` of an id follows a `\`. Kept are 64 objects with together 4 KB; what does not fit, and what is no type or id, is left
 * out. Roles do not travel. Never throws.
 */
export function withObjects(onto: Context, objects: readonly ObjectRef<string>[]): Context {
  const kept = createKeys();
  for (const object of [...readObjects(onto), ...objects]) kept.add(object);
  if (kept.byType.size === 0) return onto;
  const entries: Record<string, BaggageEntry> = {};
  for (const [name, entry] of propagation.getBaggage(onto)?.getAllEntries() ?? [])
    if (!name.startsWith(OBJECT_PREFIX)) entries[name] = entry;
  for (const [type, ids] of kept.byType) entries[`${OBJECT_PREFIX}${type}`] = { value: ids.map(escape).join("|") };
  return propagation.setBaggage(onto, propagation.createBaggage(entries));
}

/** The business keys that a context carries. They come from whoever sent the message: evidence, not proof. Never throws. */
export function readObjects(from: Context): ObjectRef<string>[] {
  const kept = createKeys();
  for (const [name, { value }] of propagation.getBaggage(from)?.getAllEntries() ?? []) {
    if (!name.startsWith(OBJECT_PREFIX) || value.length > MAX_ENCODED) continue;
    for (const id of split(value)) kept.add({ type: name.slice(OBJECT_PREFIX.length), id });
  }
  return [...kept.byType].flatMap(([type, ids]) => ids.map((id) => ({ type, id })));
}

/** Ids by type, each once, within the bounds. */
function createKeys() {
  const byType = new Map<string, string[]>();
  const sizes = new Map<string, number>();
  let count = 0;
  let size = 0;
  const add = ({ type, id }: { type: unknown; id: unknown }) => {
    if (typeof type !== "string" || typeof id !== "string" || !TYPE.test(type) || !isId(id)) return;
    const ids = byType.get(type) ?? [];
    const added =
      encodeURIComponent(`|${escape(id)}`).length + (ids.length === 0 ? OBJECT_PREFIX.length + type.length : 0);
    const ofType = (sizes.get(type) ?? 0) + added;
    if (count >= MAX_OBJECTS || size + added > MAX_ENCODED_IN_ALL || ofType > MAX_ENCODED || ids.includes(id)) return;
    byType.set(type, [...ids, id]);
    sizes.set(type, ofType);
    size += added;
    count++;
  };
  return { byType, add };
}

function isId(id: string): boolean {
  return id.length > 0 && id.length <= MAX_ID && id.isWellFormed() && !CONTROL.test(id) && id.trim() === id;
}

function escape(id: string): string {
  return id.replaceAll(/[\\|]/g, "\\$&");
}

/** Undoes `escape` and the joining. */
function split(value: string): string[] {
  const ids = [""];
  for (let index = 0; index < value.length; index++) {
    const character = value[index] ?? "";
    if (character === "|") ids.push("");
    else ids[ids.length - 1] += character === "\\" ? (value[++index] ?? "") : character;
  }
  return ids;
}
