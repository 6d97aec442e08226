import { type Conditions, toStoreTime, whereGiven } from "./conditions.ts";
import type { CasesQuestion } from "./sum-cases.ts";

const DAY_MS = 86_400_000;
const CONDITIONS: Conditions<"sites" | "asOf"> = {
  sites: "site IN {sites: Array(String)}",
  asOf: "arrived_at <= {asOf: DateTime64(3, 'UTC')}",
};
const LINE = idOf("purchase_order_line");
const REQUISITION = idOf("requisition");
/** The location and item that an event is about; empty unless both are named. */
const PLACE = `if(${idOf("location")} != '' AND ${idOf("item")} != '', concat(${idOf("location")}, '\\0', ${idOf("item")}), '')`;

interface StatedCasesQuery {
  from: number;
  to: number;
  /** How far before that what was said earlier counts. */
  lookBackMs: number;
  sites: readonly string[] | undefined;
  asOf: string | undefined;
}

/** Order lines from the approval of their requisition until they were sent; those approved and not sent are open. */
export function askApprovalToSent(
  query: StatedCasesQuery & { approved: string; issued: string },
  reasons: { unasked: string; unapproved: string; backwards: string },
): CasesQuestion {
  const { where, values } = toConditions(query);
  const columns = "arrayFilter((id, type) -> type = 'requisition', object_ids, object_types)";
  const approvals = stated("approved", { from: "back", columns, where });
  return {
    caller: "sum-approvals-to-sent",
    sql: `SELECT tupleElement(line, 1) AS key, tupleElement(line, 2) AS at, toInt64(1) AS whole, empty(lines) AS is_open,
        multiIf(is_open = 1, '', requisition = '', {unasked: String}, approvals = 0, {unapproved: String}, approved_at > at, {backwards: String}, '') AS reason,
        if(reason = '' AND is_open = 0, at - approved_at, toInt64(0)) AS part
      FROM (
        SELECT requisition, minIf(at, is_approval = 1) AS approved_at, countIf(is_approval = 1) AS approvals,
          groupArrayIf((line, at), is_approval = 0) AS lines
        FROM (
          SELECT arrayJoin(told) AS requisition, at, 1 AS is_approval, '' AS line FROM (${approvals})
          UNION ALL
          SELECT requisition, sent_at AS at, 0 AS is_approval, line FROM (${firstLines(where)}))
        GROUP BY requisition)
      ARRAY JOIN if(empty(lines), [('', approved_at)], lines) AS line
      WHERE notEmpty(lines) OR at >= {from: Int64}`,
    values: { ...values, ...reasons, approved: [query.approved], issued: [query.issued] },
  };
}

/** Order lines, each with whether nothing was on hand at its location when it was sent. */
export function askOutOrders(
  query: StatedCasesQuery & { stating: readonly string[]; requested: string; issued: string },
  reasons: { unplaced: string; unstated: string },
): CasesQuestion {
  const { where, values } = toConditions(query);
  const requests = stated("requested", { from: "back", columns: `(${REQUISITION}, ${PLACE})`, where });
  return {
    caller: "sum-out-orders",
    sql: `SELECT line AS key, placed.sent_at AS at, toInt64(is_known = 1 AND is_out = 1) AS part, toInt64(1) AS whole, 0 AS is_open,
        multiIf(placed.place = '', {unplaced: String}, is_known = 0, {unstated: String}, '') AS reason
      FROM (
        SELECT line, sent_at, place FROM (${firstLines(where)}) AS sent
        LEFT JOIN (
          SELECT told.1 AS requisition, argMax(told.2, (at, told.2)) AS place FROM (${requests})
          WHERE told.1 != '' AND told.2 != '' GROUP BY requisition) AS asked
        USING (requisition)) AS placed
      ASOF LEFT JOIN (${moments(where)}) AS stock ON placed.place = stock.place AND placed.sent_at >= stock.at`,
    values: { ...values, ...reasons, stating: query.stating, requested: [query.requested], issued: [query.issued] },
  };
}

/** How long each item was stocked at each location in each window but the last, and how long it was out. */
export function askOutHours(query: StatedCasesQuery & { stating: readonly string[] }): CasesQuestion {
  const { where, values } = toConditions(query);
  const span = `greatest(froms[number], moments[1].1) AS begin, tos[number] AS finish`;
  return {
    caller: "sum-out-hours",
    sql: `SELECT place AS key, froms[number] AS at, ${span}, greatest(finish - begin, 0) AS whole, '' AS reason, 0 AS is_open,
        arraySum((moment, next) -> if(moment.2 = 1, greatest(least(next.1, finish) - greatest(moment.1, begin), 0), 0),
          moments, arrayPushBack(arrayPopFront(moments), (toInt64(9007199254740991), toUInt8(0)))) AS part
      FROM (SELECT place, arraySort(groupArray((at, is_out))) AS moments FROM (${moments(where)}) GROUP BY place)
      ARRAY JOIN arrayPopBack(arrayEnumerate(froms)) AS number
      WHERE whole > 0`,
    values: { ...values, stating: query.stating },
  };
}

/** What was stated of the stock of places; of statements of the same moment one of anything on hand counts. */
function moments(where: string): string {
  const columns = `(${PLACE}, has(measure_names, 'on_hand'), toUInt8(NOT toFloat64OrZero(${pick("measure", "on_hand", "values")}) > 0))`;
  return `SELECT told.1 AS place, at, min(told.3) AS is_out, 1 AS is_known FROM (${stated("stating", { from: "back", columns, where })})
    WHERE told.1 != '' AND told.2 GROUP BY place, at`;
}

/** When each order line was sent first, and for which requisition. */
function firstLines(where: string): string {
  return `SELECT told.1 AS line, argMin(told.2, (at, told.2)) AS requisition, min(at) AS sent_at
    FROM (${stated("issued", { from: "from", columns: `(${LINE}, ${REQUISITION})`, where })}) WHERE told.1 != '' GROUP BY line`;
}

/**
 * The events of the types in the value `types`, as `listStatedEvents` tells them: `at`, and as `told` the columns of each. They
 * are told apart by a digest of their identity, which takes less memory.
 */
function stated(
  types: string,
  { from, columns, where }: { from: "from" | "back"; columns: string; where: string },
): string {
  return `SELECT newest.1 AS at, newest.2 AS told FROM (
      SELECT argMin((toUnixTimestamp64Milli(time), ${columns},
        outcome NOT IN ('failed', 'rejected') AND JSONExtractString(attributes, 'usage') NOT IN ('test', 'training')),
        (-toInt64(revision), digest)) AS newest
      FROM events
      WHERE type IN {${types}: Array(String)} AND arrived_at >= fromUnixTimestamp64Milli({${from}: Int64} - ${DAY_MS}, 'UTC')
        AND toUnixTimestamp64Milli(time) >= {${from}: Int64} AND toUnixTimestamp64Milli(time) < {to: Int64} AND ${where}
      GROUP BY sipHash128(source, id))
    WHERE newest.3`;
}

function idOf(type: string): string {
  return pick("object", type, "ids");
}

function pick(of: "object" | "measure", name: string, from: "ids" | "values"): string {
  const names = of === "object" ? "object_types" : "measure_names";
  return `${of}_${from}[indexOf(${names}, '${name}')]`;
}

function toConditions({ from, to, lookBackMs, sites, asOf }: StatedCasesQuery) {
  const { sql: where, values } = whereGiven(CONDITIONS, { sites, asOf: asOf && toStoreTime(asOf) });
  return { where, values: { ...values, from, to, back: from - lookBackMs } };
}
