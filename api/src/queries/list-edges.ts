import { edgeState, type EdgeState } from "@throughline/schemas/way-back/edge-state";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { readRedaction } from "@throughline/schemas/way-back/redaction-counts";
import { REPORT_KINDS } from "@throughline/schemas/way-back/manifest";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Edge, EdgePage, EdgesQuery } from "../contract/edge.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";

type EdgeFilter = Pick<EdgesQuery, "site" | "q">;

const CONDITIONS: Conditions<keyof EdgeFilter> = {
  site: "place IN {site: Array(String)}",
  q: "positionCaseInsensitiveUTF8(edge, {q: String}) > 0",
};

const edgeRow = z.object({
  edge: z.string(),
  site: z.string(),
  said_at: instant,
  seen_at: instant,
  kind: z.union([z.enum(REPORT_KINDS), z.literal("")]),
  version: z.number(),
  reason: z.string(),
  body: z.string(),
});
type EdgeRow = z.infer<typeof edgeRow>;
const place = z.object({ edge: z.string() });

/** One page of the edges, each with what it said last of itself and of what it was told, by name. */
export async function listEdges(
  reader: StoreReader,
  asker: Asker,
  asked: { filter: EdgeFilter; limit: number; cursor: string | undefined; now: number },
): Promise<EdgePage> {
  const { filter, limit, cursor, now } = asked;
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  const where = whereGiven(CONDITIONS, filter);
  const [rows, latest] = await Promise.all([
    reader.ask(asker, {
      caller: "list-edges",
      sql: `SELECT edge, argMax(place, told) AS site, max(told) AS said_at, max(arrived) AS seen_at,
          argMaxIf(did, told, did != '') AS kind, argMaxIf(number, told, did != '') AS version,
          argMaxIf(why, told, did != '') AS reason, argMaxIf(state, told, state != '') AS body
        FROM (
          SELECT edge, site AS place, at AS told, arrived_at AS arrived, kind AS did, version AS number, reason AS why, '' AS state
          FROM edge_reports WHERE order_id = ''
          UNION ALL
          SELECT edge, site, at, arrived_at, '', 0, '', body FROM edge_states)
        WHERE edge > {after: String} AND ${where.sql}
        GROUP BY edge ORDER BY edge LIMIT {limit: UInt32}`,
      values: { ...where.values, after: after?.edge ?? "", limit: limit + 1 },
      row: edgeRow,
    }),
    findLatest(reader),
  ]);
  const items = rows.slice(0, limit).map((row) => toEdge(row, { latest, now }));
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? toCursor({ edge: last.edge }, filter) : null };
}

interface Latest {
  version: number;
  mappings: string;
}

/** What edges are told at this moment; a count and a digest say nothing of what anybody may not see. */
async function findLatest(reader: StoreReader): Promise<Latest> {
  const [found] = await reader.ask(
    { scope: EVERYTHING },
    {
      caller: "find-latest-word-to-edges",
      sql: `SELECT (SELECT count() FROM crosswalk_entries) + (SELECT count() FROM edge_orders)
          + (SELECT count() FROM edge_mappings) AS version,
        (SELECT toString(argMax(digest, at)) FROM edge_mappings) AS mappings LIMIT 1`,
      values: {},
      row: z.object({ version: z.number(), mappings: z.string() }),
    },
  );
  return found ?? { version: 0, mappings: "" };
}

const SILENT_AFTER = 3;
const LEAST_SILENCE_MS = 60_000;

function toEdge(row: EdgeRow, { latest, now }: { latest: Latest; now: number }): Edge {
  const { edge, site, reason } = row;
  const state = row.body === "" ? undefined : edgeState.parse(JSON.parse(row.body));
  const version = Math.max(row.version, state?.version ?? 0);
  const kind = row.kind === "" ? ("none" as const) : row.kind;
  return {
    edge,
    site,
    condition: toCondition(row, { state, now }),
    release: state?.release ?? "",
    seenAt: row.seen_at,
    startedAt: toInstant(state?.started_at),
    completeTo: toInstant(state?.complete_to),
    version,
    latestVersion: latest.version,
    crosswalks: version >= latest.version ? "current" : "behind",
    mappings: toMappings(state, latest),
    appliedAt: toInstant(state?.applied_at),
    configuration: state?.configuration ?? "",
    configuredAt: toInstant(state?.configured_at),
    configurationRefused: state?.configuration_refused ?? false,
    spool: {
      events: state?.spool_events ?? 0,
      bytes: state?.spool_bytes ?? 0,
      maxBytes: state?.spool_max_bytes ?? 0,
    },
    clock: toClock(state),
    kept: state?.kept ?? 0,
    waiting: state?.waiting ?? 0,
    interfaces: state?.interfaces ?? [],
    failing: state?.failing ?? [],
    redacted: (state?.redacted ?? []).flatMap((said) => readRedaction(said) ?? []),
    problems: state?.problems ?? 0,
    kind,
    reason,
    at: row.said_at,
  };
}

function toCondition(
  { seen_at: seenAt, kind }: EdgeRow,
  { state, now }: { state: EdgeState | undefined; now: number },
): Edge["condition"] {
  if (state === undefined) return kind === "refused" ? "attention" : "unknown";
  const silentMs = Math.max(LEAST_SILENCE_MS, SILENT_AFTER * state.every_ms);
  if (now - Date.parse(seenAt) > silentMs) return "silent";
  return state.problems > 0 || kind === "refused" ? "attention" : "well";
}

function toMappings(state: EdgeState | undefined, latest: Latest): Edge["mappings"] {
  if (state === undefined) return "unknown";
  if (!state.takes_mappings) return "own";
  return state.mappings === latest.mappings ? "current" : "behind";
}

function toClock(state: EdgeState | undefined): Edge["clock"] {
  const { clock_offset_ms: offsetMs = null, clock_error_ms: errorMs = null } = state ?? {};
  return offsetMs === null ? null : { offsetMs, errorMs: errorMs ?? 0 };
}

function toInstant(text: string | undefined): string | null {
  return instant.safeParse(text).data ?? null;
}
