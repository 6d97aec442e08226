import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Quarantined, QuarantinedDetail, QuarantineQuery } from "../contract/quarantine.ts";
import { toHref } from "../http/href.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";

export type QuarantineFilter = Omit<QuarantineQuery, "limit" | "cursor" | "format">;

const COLUMNS = `log, toString(position) AS position_text, arrived_at, route, actor, source, site, domain, content_type, code, issues,
  size_bytes, lower(hex(digest)) AS digest_hex`;

const CONDITIONS: Conditions<keyof QuarantineFilter> = {
  source: "source = {source: String}",
  site: "site IN {site: Array(String)}",
  domain: "domain IN {domain: Array(String)}",
  route: "route IN {route: Array(String)}",
  code: "code IN {code: Array(String)}",
  actor: "actor = {actor: String}",
  q: "positionCaseInsensitiveUTF8(issues, {q: String}) > 0",
  from: "arrived_at >= {from: DateTime64(3, 'UTC')}",
  to: "arrived_at < {to: DateTime64(3, 'UTC')}",
};

const place = z.object({ arrivedAt: instant, log: z.string(), position: z.string().regex(/^\d{1,20}$/) });
const issues = z.array(z.object({ path: z.string(), message: z.string() }));

const quarantineRow = z.object({
  log: z.string(),
  position_text: z.string(),
  arrived_at: instant,
  route: z.string(),
  actor: z.string(),
  source: z.string(),
  site: z.string(),
  domain: z.string(),
  content_type: z.string(),
  code: z.string(),
  issues: z.string(),
  size_bytes: z.int(),
  digest_hex: z.string(),
});

/** One page of what was refused, newest first. Rows that arrive later come before the first page and move nothing. */
export async function listQuarantine(
  reader: StoreReader,
  asker: Asker,
  { filter, limit, cursor }: { filter: QuarantineFilter; limit: number; cursor: string | undefined },
): Promise<{ items: Quarantined[]; nextCursor: string | null }> {
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  const { from, to } = filter;
  const where = whereGiven(CONDITIONS, { ...filter, from: from && toStoreTime(from), to: to && toStoreTime(to) });
  const behind = `arrived_at <= {placeAt: DateTime64(3, 'UTC')} AND (arrived_at < {placeAt: DateTime64(3, 'UTC')}
    OR (log, position) > ({logAt: String}, {positionAt: UInt64}))`;
  const rows = await reader.ask(asker, {
    caller: "list-quarantine",
    sql: `SELECT ${COLUMNS} FROM quarantine
      WHERE ${where.sql} ${after === undefined ? "" : `AND ${behind}`}
      ORDER BY arrived_at DESC, log, position
      LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      limit: limit + 1,
      ...(after && { placeAt: toStoreTime(after.arrivedAt), logAt: after.log, positionAt: after.position }),
    },
    row: quarantineRow,
  });
  const items = rows.slice(0, limit).map(toQuarantined);
  const last = items.at(-1);
  const next =
    rows.length > limit && last ? { arrivedAt: last.arrivedAt, log: last.log, position: last.position } : undefined;
  return { items, nextCursor: next ? toCursor(next, filter) : null };
}

/** What was refused at a position of a log, with its bytes. */
export async function findQuarantined(
  reader: StoreReader,
  asker: Asker,
  { log, position }: { log: string; position: string },
): Promise<QuarantinedDetail | undefined> {
  const [row] = await reader.ask(asker, {
    caller: "find-quarantined",
    sql: `SELECT ${COLUMNS}, base64Encode(bytes) AS bytes_text FROM quarantine
      WHERE log = {log: String} AND position = {position: UInt64} LIMIT 1`,
    values: { log, position },
    row: quarantineRow.extend({ bytes_text: z.string() }),
  });
  return row && { ...toQuarantined(row), bytes: row.bytes_text };
}

function toQuarantined(row: z.infer<typeof quarantineRow>): Quarantined {
  return {
    log: row.log,
    position: row.position_text,
    arrivedAt: row.arrived_at,
    route: row.route,
    actor: row.actor,
    source: row.source,
    site: row.site,
    domain: row.domain,
    contentType: row.content_type,
    code: row.code,
    issues: row.issues === "" ? [] : issues.parse(JSON.parse(row.issues)),
    sizeBytes: row.size_bytes,
    digest: row.digest_hex,
    href: toHref(`/quarantine/${encodeURIComponent(row.log)}/${row.position_text}`),
  };
}
