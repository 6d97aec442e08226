import { type Attributes, SpanKind, context, trace } from "@opentelemetry/api";
import type { SpanScope } from "../steps/span-scope.ts";
import type { SpanStarter } from "../steps/span-starter.ts";
import { readMember } from "./message-span.ts";
import { type Override, overrideMethods } from "./override-methods.ts";
import { runInSpan } from "./run-in-span.ts";

/** A client or a pool of pg. */
interface PgQueryable {
  query: (...given: never[]) => unknown;
}

const OPERATION = /^\s*(?:--[^\n]*\n\s*)*([a-z]{2,16})\b/i;
const OPERATIONS = new Set(
  (
    "SELECT INSERT UPDATE DELETE MERGE WITH CALL COPY BEGIN COMMIT ROLLBACK SAVEPOINT LISTEN NOTIFY LOCK TRUNCATE " +
    "CREATE ALTER DROP SET EXECUTE REFRESH"
  ).split(" "),
);
const MAX_LOOKED_AT = 1000;

/**
 * A client or pool that makes a span of each query inside of a trace: its operation, never its text or values. Queries outside of a
 * trace make none. Clients that a wrapped pool hands out are wrapped too. Cursors and streams pass without a span.
 */
export function wrapPg<Q extends PgQueryable>(throughline: SpanStarter, queryable: Q): Q {
  const attributes = readTarget(queryable);
  const query: Override =
    (original) =>
    (...given) => {
      const operation = trace.getSpan(context.active()) === undefined ? undefined : readOperation(given[0]);
      if (operation === undefined) return original(...given);
      const scope = throughline.startSpan({
        name: operation,
        kind: SpanKind.CLIENT,
        attributes: { ...attributes, "db.operation.name": operation },
      });
      const last = given.at(-1);
      if (typeof last !== "function") return runInSpan(scope, () => original(...given));
      const callback = endWith(scope, last);
      return scope.run(() => original(...given.slice(0, -1), callback));
    };
  const wrapFound = (found: unknown): unknown => (isQueryable(found) ? wrapPg(throughline, found) : found);
  const connect: Override = (original) => (callback) => {
    if (typeof callback === "function")
      return original((error: unknown, client: unknown, ...rest: unknown[]): unknown =>
        Reflect.apply(callback, undefined, [error, wrapFound(client), ...rest]),
      );
    const connecting = original();
    return connecting instanceof Promise ? connecting.then(wrapFound) : connecting;
  };
  return overrideMethods(queryable, { query, connect });
}

/** Callbacks of pg run outside of the context of their caller; this one gets it back. */
function endWith(scope: SpanScope, callback: Function) {
  const outer = context.active();
  return (...given: unknown[]): unknown => {
    if (given[0] === null || given[0] === undefined) scope.end();
    else scope.fail(given[0]);
    return context.with(outer, () => Reflect.apply(callback, undefined, given));
  };
}

/** Undefined for what is no text: cursors and streams. A verb that is not known would make names of spans without end. */
function readOperation(given: unknown): string | undefined {
  if (typeof readMember(given, "submit") === "function") return undefined;
  const text = typeof given === "string" ? given : readMember(given, "text");
  if (typeof text !== "string") return undefined;
  const operation = OPERATION.exec(text.slice(0, MAX_LOOKED_AT))?.[1]?.toUpperCase() ?? "";
  return OPERATIONS.has(operation) ? operation : "query";
}

function readTarget(queryable: object): Attributes {
  const from = readMember(queryable, "options") ?? queryable;
  const [host, database] = [readMember(from, "host"), readMember(from, "database")];
  return {
    "db.system.name": "postgresql",
    ...(typeof host === "string" && { "server.address": host }),
    ...(typeof database === "string" && { "db.namespace": database }),
  };
}

function isQueryable(value: unknown): value is PgQueryable {
  return typeof readMember(value, "query") === "function";
}
