import { toObjectKey } from "../fact.ts";
import type { BusinessObject } from "./links.ts";
import type { ArrivedFact } from "./read-facts.ts";
import type { SeenKeys } from "./seen-keys.ts";

/** Tells objects that the store may have known before from those that this step names first, of the types that count. */
export function rememberObjects(facts: readonly ArrivedFact[], seen: SeenKeys, isCounted: (type: string) => boolean) {
  const knownBefore = new Set<string>();
  const firstNamed = new Map<string, BusinessObject>();
  for (const { fact, objectHashes } of facts)
    fact.objects.forEach((object, index) => {
      if (!isCounted(object.type)) return;
      if (seen.has(objectHashes[index] ?? 0)) knownBefore.add(toObjectKey(object));
      else firstNamed.set(toObjectKey(object), object);
    });
  for (const { objectHashes } of facts) for (const hash of objectHashes) seen.add(hash);
  return { knownBefore, firstNamed };
}
