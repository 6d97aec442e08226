import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import type { Fact } from "../fact.ts";
import { listFactsAtPositions } from "../engine/read-facts.ts";
import { readRows } from "../engine/read-rows.ts";
import type { Cursor, Step } from "../engine/steps.ts";
import type { SubjectRef } from "./match-store.ts";

/** Under which key a fact or an invoice is looked up. */
export interface Lookup {
  kind: "duplicate" | "item" | "contract_price" | "purchase_order";
  key: string;
  subject?: SubjectRef;
  fact?: Fact;
}

const DOMAIN = "erp";

/** Keys of one question: what the store takes in a field is bounded. */
const CHUNK = 500;

export async function insertLookups(
  client: ClickHouseClient,
  step: Step,
  { lookups, token }: { lookups: readonly Lookup[]; token: string },
) {
  if (lookups.length === 0) return;
  await client.insert({
    table: "match_lookups",
    values: lookups.map(({ kind, key, subject, fact }) => ({
      kind,
      key,
      subject_type: subject?.type ?? "",
      subject_id: subject?.id ?? "",
      log: fact?.log ?? "",
      position: fact?.position ?? 0,
      batch: step.batch,
      site: fact?.site ?? "",
      domain: fact?.domain ?? DOMAIN,
    })),
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
  });
}

function toChunks(keys: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(keys.length / CHUNK) }, (_, index) =>
    keys.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}

const alikeRow = z.tuple([z.string(), z.string(), z.string()]);

/** The invoices that ever had one of the duplicate keys, before a step. */
export async function listAlike(
  client: ClickHouseClient,
  query: { keys: readonly string[]; before: number },
): Promise<{ key: string; subject: SubjectRef }[]> {
  const rows = await Promise.all(
    toChunks(query.keys).map((keys) =>
      readRows(client, alikeRow, {
        caller: "matches.alike",
        sql: `SELECT DISTINCT key, subject_type, subject_id FROM match_lookups
          WHERE kind = 'duplicate' AND key IN {keys: Array(String)} AND batch < {before: UInt64}`,
        values: { keys, before: query.before },
      }),
    ),
  );
  return rows.flat().map(([key, type, id]) => ({ key, subject: { type, id } }));
}

/** The facts that are looked up under keys of one kind, before the cursors. */
export async function listLookedUp(
  client: ClickHouseClient,
  query: { kind: Exclude<Lookup["kind"], "duplicate">; keys: readonly string[] },
  until: Readonly<Record<string, Cursor>>,
): Promise<Fact[]> {
  const facts = await Promise.all(
    toChunks(query.keys).map((keys) =>
      listFactsAtPositions(client, until, {
        caller: "matches.looked-up",
        sql: "SELECT log, position FROM match_lookups WHERE kind = {kind: String} AND key IN {keys: Array(String)}",
        values: { kind: query.kind, keys },
      }),
    ),
  );
  return facts.flat();
}

const subjectRow = z.tuple([z.string()]);

/** Order lines of an item, in the order of their ids, from behind one of them. */
export async function listOrdersOfItem(
  client: ClickHouseClient,
  query: { item: string; after: string; limit: number; before: number },
): Promise<string[]> {
  const rows = await readRows(client, subjectRow, {
    caller: "matches.orders-of-item",
    sql: `SELECT DISTINCT subject_id FROM match_results
      WHERE subject_type = 'purchase_order_line' AND kind = 'order' AND item = {item: String}
        AND subject_id > {after: String} AND batch < {before: UInt64}
      ORDER BY subject_id LIMIT {limit: UInt32}`,
    values: query,
  });
  return rows.map(([id]) => id);
}
