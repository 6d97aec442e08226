import type { Pack } from "@throughline/schemas/pack/flow";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { MappingWait, MappingWaitPage, MappingWaitsQuery } from "../contract/edge.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { type Conditions, whereGiven } from "./conditions.ts";
import { parseCursor, toCursor } from "./cursor.ts";

type WaitFilter = Omit<MappingWaitsQuery, "limit" | "cursor" | "format">;

const CONDITIONS: Conditions<keyof WaitFilter> = {
  crosswalk: "crosswalk IN {crosswalk: Array(String)}",
  kind: "kind IN {kind: Array(String)}",
  interface: "interface IN {interface: Array(String)}",
  site: "site IN {site: Array(String)}",
  domain: "domain IN {domain: Array(String)}",
  q: "positionCaseInsensitiveUTF8(value, {q: String}) > 0",
};

const waitRow = z.object({
  crosswalk: z.string(),
  kind: z.string(),
  value: z.string(),
  interface: z.string(),
  site: z.string(),
  domain: z.string(),
  documents: z.int(),
  since: z.string(),
  told_at: instant,
  types: z.array(z.string()),
  proposals: z.int(),
});

const ORDER = "(-documents, crosswalk, value, interface, site, domain)";
const place = z.object({ at: z.tuple([z.int(), z.string(), z.string(), z.string(), z.string(), z.string()]) });

/** One page of the values that edges said last that documents wait for, most documents first. */
export async function listMappingWaits(
  reader: StoreReader,
  asker: Asker,
  asked: { filter: WaitFilter; limit: number; cursor: string | undefined; pack: Pack },
): Promise<MappingWaitPage> {
  const { filter, limit, cursor, pack } = asked;
  const after = cursor === undefined ? undefined : parseCursor(cursor, place, filter);
  const where = whereGiven(CONDITIONS, filter);
  const rows = await reader.ask(asker, {
    caller: "list-mapping-waits",
    sql: `SELECT crosswalk, kind, value, interface, site, domain, documents, since, told_at, types, proposals
      FROM (
        SELECT crosswalk, value, interface, site, domain, argMax(kind, at) AS kind, argMax(documents, at) AS documents,
          argMax(since, at) AS since, argMax(types, at) AS types, max(at) AS told_at
        FROM mapping_waits GROUP BY crosswalk, value, interface, site, domain) AS waits
      LEFT JOIN (
        SELECT crosswalk, from_value AS value, toUInt32(count()) AS proposals FROM (
          SELECT * FROM crosswalk_entries ORDER BY id, revision DESC, request_id LIMIT 1 BY id)
        WHERE state = 'proposed' GROUP BY crosswalk, value) AS asked USING (crosswalk, value)
      WHERE documents > 0 AND ${where.sql} ${after === undefined ? "" : `AND ${ORDER} > ({p0: Int64}, {p1: String}, {p2: String}, {p3: String}, {p4: String}, {p5: String})`}
      ORDER BY ${ORDER}
      LIMIT {limit: UInt32}`,
    values: {
      ...where.values,
      limit: limit + 1,
      ...(after && Object.fromEntries(after.at.map((part, index) => [`p${index}`, part]))),
    },
    row: waitRow,
  });
  const flows = createFlowFinder(pack);
  const items = rows.slice(0, limit).map((row) => toWait(row, flows));
  const last = rows.length > limit ? items.at(-1) : undefined;
  if (last === undefined) return { items, nextCursor: null };
  const { documents, crosswalk, value, interface: name, site, domain } = last;
  return { items, nextCursor: toCursor({ at: [-documents, crosswalk, value, name, site, domain] }, filter) };
}

function toWait({ told_at: toldAt, ...row }: z.infer<typeof waitRow>, findFlows: FlowFinder): MappingWait {
  return { ...row, toldAt, flows: findFlows(row.types) };
}

type FlowFinder = (types: readonly string[]) => MappingWait["flows"];

/** The flows whose milestones events of these types reach. */
function createFlowFinder({ flows }: Pack): FlowFinder {
  return (types) =>
    [...flows.values()]
      .filter(({ milestones }) =>
        Object.values(milestones).some(({ events }) => events.some(({ type }) => types.includes(type))),
      )
      .map(({ id, title }) => ({ flow: id, title }));
}
