import type { ClickHouseClient } from "@clickhouse/client";
import { type SeenKeys, fillSeenKeys, toSeenHash } from "./seen-keys.ts";
import type { Cursors } from "./steps.ts";

const IS_BEFORE = "position < transform(log, {logs: Array(String)}, {ends: Array(UInt64)}, toUInt64(0))";

/** The identities that the store held before the cursors; what lies after them counts as new until a step reads it. */
export async function fillSeenIdentities(client: ClickHouseClient, seen: SeenKeys, before: Cursors) {
  await fillSeenKeys(client, seen, {
    caller: "projector.seen-identities",
    sql: `SELECT ${toSeenHash("identity")} FROM event_identities WHERE ${IS_BEFORE}`,
    values: toEnds(before),
  });
}

/** The objects that the store held before the cursors; of the given types only, where there are any. */
export async function fillSeenObjects(
  client: ClickHouseClient,
  seen: SeenKeys,
  { before, types }: { before: Cursors; types?: readonly string[] },
) {
  await fillSeenKeys(client, seen, {
    caller: "projector.seen-objects",
    sql: `SELECT ${toSeenHash("sipHash64(object_type, object_id)")} FROM object_events
      WHERE ${types === undefined ? "" : "object_type IN {types: Array(String)} AND "}${IS_BEFORE}`,
    values: { ...toEnds(before), ...(types && { types }) },
  });
}

function toEnds(before: Cursors) {
  const logs = Object.keys(before);
  return { logs, ends: logs.map((log) => before[log]?.nextPosition ?? 0) };
}
