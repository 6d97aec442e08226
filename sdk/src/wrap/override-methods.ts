type Method = (...given: unknown[]) => unknown;

/** Makes a method from the original, which is bound. */
export type Override = (original: Method) => Method;

/**
 * The same object to look at, of which some methods do more. Only methods that it has are replaced; all others work on the object
 * itself, which stays as it is.
 */
export function overrideMethods<T extends object>(target: T, overrides: Readonly<Record<string, Override>>): T {
  const made = new Map<string | symbol, { value: unknown; method: Method }>();
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || name === "constructor" || isFixed(target, name)) return value;
      const known = made.get(name);
      if (known?.value === value) return known.method;
      const bound: Method = (...given) => Reflect.apply(value, target, given);
      const override = typeof name === "string" && Object.hasOwn(overrides, name) ? overrides[name] : undefined;
      const method = override === undefined ? bound : override(bound);
      made.set(name, { value, method });
      return method;
    },
  });
}

/** What may not look otherwise through a proxy. */
function isFixed(target: object, name: string | symbol): boolean {
  const own = Reflect.getOwnPropertyDescriptor(target, name);
  return own !== undefined && own.configurable === false && own.writable === false;
}
