import type { Verdict } from "@throughline/schemas/leg";
import type { Tower } from "./tower.fixture.ts";

/** A minute of the day that the tests play on. */
export function at(minute: number): string {
  return new Date(Date.UTC(2026, 2, 10) + minute * 60_000).toISOString();
}

export interface EventSketch {
  position: number;
  id?: string;
  log?: string;
  source?: string;
  revision?: number;
  digest?: string;
  type?: string;
  minute?: number;
  impreciseMs?: number;
  site?: string;
  domain?: string;
  objects?: readonly (readonly [string, string])[];
  traceId?: string;
  outcome?: string;
  attributes?: object;
}

/** A row of `events`. */
export function toEvent(sketch: EventSketch): object {
  const { position, minute = position, objects = [], type = "procurement.purchase_order.issued" } = sketch;
  return {
    log: sketch.log ?? "g1",
    position,
    arrived_at: at(minute + 1),
    source: sketch.source ?? "/erp",
    id: sketch.id ?? `e${position}`,
    revision: sketch.revision ?? 0,
    digest: (sketch.digest ?? "a").repeat(16).slice(0, 16),
    type,
    domain: sketch.domain ?? type.split(".")[0],
    time: at(minute),
    imprecise_ms: sketch.impreciseMs ?? 0,
    site: sketch.site ?? "north",
    object_types: objects.map(([objectType]) => objectType),
    object_ids: objects.map(([, id]) => id),
    object_roles: objects.map(() => ""),
    outcome: sketch.outcome ?? "",
    measure_names: ["quantity", "amount"],
    measure_values: ["10", "1234567890.123456789"],
    measure_units: ["CS", ""],
    measure_currencies: ["", "USD"],
    attributes: JSON.stringify(sketch.attributes ?? {}),
    trace_id: sketch.traceId ?? "",
    sequence: -1,
  };
}

export interface VerdictSketch {
  id: string;
  verdict: Verdict;
  batch: number;
  minute: number;
  flow?: string;
  leg?: string;
  type?: string;
  occurrence?: number;
  site?: string;
  domain?: string;
  criticality?: string;
  supplier?: string;
  removed?: boolean;
  evaluatedMinute?: number;
}

const DATED_BY_END = new Set(["MET", "ORPHAN_END", "SEQUENCE", "PENDING_START", "EXCLUDED"]);

/** A row of `leg_verdicts` that is dated at its minute. */
export function toVerdict(sketch: VerdictSketch) {
  const { minute, verdict } = sketch;
  const isEnded = DATED_BY_END.has(verdict);
  return {
    flow: sketch.flow ?? "order",
    leg: sketch.leg ?? "receipt",
    instance_type: sketch.type ?? "purchase_order_line",
    instance_id: sketch.id,
    occurrence: sketch.occurrence ?? 0,
    batch: sketch.batch,
    verdict,
    dated_at: at(minute),
    started_at: at(
      isEnded
        ? minute - 60
        : verdict === "OPEN" || verdict === "AT_RISK" || verdict === "PAUSED"
          ? minute
          : minute - 240,
    ),
    ended_at: isEnded ? at(minute) : null,
    due_at: verdict === "BREACHED" || verdict === "OVERDUE_PROVISIONAL" ? at(minute) : at(minute + 240),
    at_risk_at: null,
    excused_ms: 0,
    budget_ms: 4 * 3_600_000,
    calendar: "",
    site: sketch.site ?? "north",
    domain: sketch.domain ?? "procurement",
    criticality: sketch.criticality ?? "high",
    supplier: sketch.supplier ?? "",
    flags: [],
    reason: "",
    rule_version: "v1",
    evaluated_at: at(sketch.evaluatedMinute ?? minute),
    is_removed: sketch.removed === true ? 1 : 0,
  };
}

type VerdictRow = ReturnType<typeof toVerdict>;

export function toLegKey(row: VerdictRow): string {
  return [row.flow, row.leg, row.instance_type, row.instance_id, row.occurrence].join("|");
}

/**
 * Appends verdicts as evaluation does: rows, then the change of the rollups, then the finished step. `current` holds the
 * verdict of each leg so far and is changed.
 */
export async function appendVerdicts(
  tower: Tower,
  current: Map<string, VerdictRow>,
  sketches: readonly VerdictSketch[],
) {
  const rows = sketches.map(toVerdict);
  await tower.insert("leg_verdicts", rows);
  const changes: [row: VerdictRow, legs: 1 | -1][] = [];
  for (const row of rows) {
    const before = current.get(toLegKey(row));
    if (before && before.is_removed === 0) changes.push([before, -1]);
    if (row.is_removed === 0) changes.push([row, 1]);
    current.set(toLegKey(row), row);
  }
  await tower.insert("leg_rollups", changes.map(toRollup));
  await tower.insert("leg_minutes", changes.flatMap(toMinute));
  const batch = Math.max(...rows.map((row) => row.batch));
  await tower.insert("projection_steps", [
    {
      projector: "legs",
      shard: 0,
      batch,
      phase: "commit",
      now: at(0),
      body: "{}",
      recorded_at: new Date().toISOString(),
    },
  ]);
}

function toRollup([row, legs]: [row: VerdictRow, legs: 1 | -1]): object {
  const { flow, leg, domain, site, criticality, supplier, verdict } = row;
  const ended = row.ended_at === null ? 0 : 1;
  return {
    flow,
    leg,
    domain,
    site,
    criticality,
    supplier,
    verdict,
    ended,
    hour: `${row.dated_at.slice(0, 13)}:00:00`,
    legs,
  };
}

function toMinute([row, legs]: [row: VerdictRow, legs: 1 | -1]): object[] {
  const { flow, leg, domain, site, criticality, supplier, verdict } = row;
  if (verdict !== "MET" && verdict !== "BREACHED") return [];
  const minute = `${row.dated_at.slice(0, 16)}:00`;
  const [good, bad] = verdict === "MET" ? [legs, 0] : [0, legs];
  return [{ flow, leg, domain, site, criticality, supplier, minute, good, bad }];
}

/** Reads a list to its end, page by page. */
export async function readPages<Item>(options: {
  tower: Tower;
  path: string;
  parse: (body: unknown) => { items: Item[]; nextCursor: string | null };
  key?: string;
  between?: (page: number) => Promise<void>;
}): Promise<Item[]> {
  const { tower, path, parse, key, between } = options;
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 10_000; page++) {
    const joiner = path.includes("?") ? "&" : "?";
    const body = parse(await tower.get(cursor === null ? path : `${path}${joiner}cursor=${cursor}`, key));
    items.push(...body.items);
    cursor = body.nextCursor;
    if (cursor === null) return items;
    await between?.(page);
  }
  throw new Error("The list does not end");
}
