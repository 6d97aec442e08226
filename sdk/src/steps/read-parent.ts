import { type Context, context } from "@opentelemetry/api";

/** What a span is to belong to: the active context, unless the host gave one that can be used. */
export function readParent(input: object | null | undefined): Context {
  try {
    const given: unknown = input && Reflect.get(input, "parent");
    return isContext(given) ? given : context.active();
  } catch {
    return context.active();
  }
}

function isContext(value: unknown): value is Context {
  return ["getValue", "setValue", "deleteValue"].every(
    (name) => typeof value === "object" && value !== null && typeof Reflect.get(value, name) === "function",
  );
}
