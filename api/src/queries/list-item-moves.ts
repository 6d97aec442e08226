import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { type ItemMove, type ItemMovePage, type ItemMovesQuery, itemMove } from "../contract/reconciliation.ts";
import { toJourneyHref } from "../http/href.ts";
import { toSubject } from "../projections/reconciliations/entry-key.ts";
import { FLOW_KINDS } from "../projections/reconciliations/flows.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";
import { ALL_STEPS } from "./find-unreconciled.ts";
import { toAllSites } from "./list-checkpoints.ts";
import { parseCursor, toCursor } from "./cursor.ts";

const TIMEOUT_SECONDS = 15;

/** Whose moves between two whole minutes; `subjectType` is what the key begins with. */
export interface MovesBetween {
  reconciliation: string;
  subjectType: string;
  from: number;
  until: number;
  /** Only those of these sites, of which there is one at least; of all where it is absent. */
  sites?: readonly string[] | undefined;
  /** As known by that step of the reconciler; by the last one where it is absent. */
  known?: string;
}

type MoveFilter = Pick<ItemMovesQuery, "unit" | "kind">;

const CONDITIONS: Conditions<"unit" | "kind" | "sites" | "company"> = {
  unit: "unit IN {unit: Array(String)}",
  kind: "kind IN {kind: Array(String)}",
  sites: "place IN {sites: Array(String)}",
  company: "place IN {company: Array(String)}",
};

const row = itemMove
  .pick({ kind: true, unit: true })
  .extend({ subject: z.string(), count: z.coerce.number(), value: z.string(), at: instant, place: z.string() });

const place = z.object({ at: instant, subject: z.string(), unit: z.string(), kind: z.string(), site: z.string() });
const SORT = "minute, subject, unit, kind, place";

/** One page of what opened and cleared items, the latest first: the rows of a statement's flows, which they add up to. */
export async function listItemMoves(
  reader: StoreReader,
  asker: Asker,
  query: { between: MovesBetween; filter: MoveFilter; limit: number; cursor: string | undefined },
): Promise<ItemMovePage> {
  const { between, filter, limit, cursor } = query;
  const filters = { ...filter, reconciliation: between.reconciliation, company: between.sites, known: between.known };
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filters);
  const { sites } = asker.scope;
  const where = whereGiven(CONDITIONS, {
    unit: filter.unit,
    kind: filter.kind === undefined || filter.kind.length === 0 ? FLOW_KINDS : filter.kind,
    sites: sites === "*" ? undefined : sites,
    company: between.sites,
  });
  const behind = `(${SORT}) < ({placeMinute: Int64}, {placeSubject: String}, {placeUnit: String}, {placeKind: String},
    {placeSite: String})`;
  // What is said of an object, or of the time between two counts, lies at one site; its parts may be of several.
  const rows = await reader.ask(toAllSites(asker), {
    caller: "list-item-moves",
    sql: `SELECT subject, unit, kind, count, value, place, fromUnixTimestamp64Milli(minute, 'UTC') AS at
      FROM (
        SELECT subject, tupleElement(flow, 1) AS unit, tupleElement(flow, 2) AS place, tupleElement(flow, 3) AS kind,
          tupleElement(flow, 4) AS minute, tupleElement(flow, 5) AS count, tupleElement(flow, 6) AS value
        FROM (
          SELECT subject, flows FROM reconciliation_subjects
          WHERE reconciliation = {reconciliation: String} AND batch <= {known: UInt64}
          ORDER BY reconciliation, subject, batch DESC, length(flows) DESC LIMIT 1 BY reconciliation, subject)
        ARRAY JOIN JSONExtract(flows, 'Array(Tuple(String, String, String, Int64, Int64, String))') AS flow)
      WHERE minute >= {from: Int64} AND minute < {until: Int64} AND ${where.sql} ${after === undefined ? "" : `AND ${behind}`}
      ORDER BY minute DESC, subject DESC, unit DESC, kind DESC, place DESC
      LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      reconciliation: between.reconciliation,
      known: between.known ?? ALL_STEPS,
      from: between.from,
      until: between.until,
      limit: limit + 1,
      ...(after && {
        placeMinute: Date.parse(after.at),
        placeSubject: after.subject,
        placeUnit: after.unit,
        placeKind: after.kind,
        placeSite: after.site,
      }),
    },
    row,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map((found) => toItemMove(found, between.subjectType)),
    nextCursor: last
      ? toCursor({ at: last.at, subject: last.subject, unit: last.unit, kind: last.kind, site: last.place }, filters)
      : null,
  };
}

function toItemMove({ subject, place: site, ...same }: z.infer<typeof row>, type: string): ItemMove {
  const object = { type, id: toSubject(subject) };
  return { ...same, subject: object, site, href: toJourneyHref(object) };
}
