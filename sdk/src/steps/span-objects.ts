import type { Context, Span } from "@opentelemetry/api";
import { OBJECT_PREFIX } from "../carriers/object-prefix.ts";
import { withObjects } from "../carriers/objects.ts";
import type { ObjectRef } from "../event.ts";

/** Objects go on in baggage to whom the host calls, when their types may. */
export function withCarried(
  onto: Context,
  objects: readonly ObjectRef<string>[] | undefined,
  carried: ReadonlySet<string>,
): Context {
  if (carried.size === 0 || objects === undefined) return onto;
  return withObjects(
    onto,
    objects.filter(({ type }) => carried.has(type)),
  );
}

/** Objects of one type become a text, or a list when there are several; those that came with the call are among them. */
export function setObjects(
  span: Span,
  objects: readonly ObjectRef<string>[] | undefined,
  received: readonly ObjectRef<string>[],
): void {
  const byType = new Map<string, Set<string>>();
  for (const { type, id } of [...(objects ?? []), ...received])
    byType.set(type, (byType.get(type) ?? new Set()).add(id));
  for (const [type, ids] of byType) {
    const [first = ""] = ids;
    span.setAttribute(`${OBJECT_PREFIX}${type}`, ids.size === 1 ? first : [...ids]);
  }
}
