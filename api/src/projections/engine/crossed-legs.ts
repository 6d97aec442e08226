import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import type { FlowModel } from "../legs/flow-model.ts";
import { readRows } from "./read-rows.ts";

/** Most instances that one step evaluates again because of windows, and most flows that it looks for them in. */
const MAX_INSTANCES = 1000;
const MAX_FLOWS = 8;

/** Verdicts that one step looks through at most; a window of the whole group may be for none of a million legs. */
const MAX_VERDICTS = 200_000;

const END_OF_TIME = Date.UTC(2299, 11, 31);

/** Legs that are to be evaluated again because a window that crosses them came, changed or went. Empty names stand for any. */
export const windowTouchSchema = z.object({
  flow: z.string(),
  leg: z.string(),
  site: z.string(),
  supplier: z.string(),
  source: z.string(),
  from: z.number(),
  until: z.number().nullable().meta({ description: "The later of the window's ends; null when either has none." }),
  after: z.object({ flow: z.string(), id: z.string() }).optional(),
});
export type WindowTouch = z.infer<typeof windowTouchSchema>;

/** By flow, the instances to evaluate again in a step, and what is left for later steps. */
export interface Crossed {
  instances: ReadonlyMap<string, ReadonlySet<string>>;
  rest: WindowTouch[];
}

/**
 * Per source that a window names, the types of events that it sends for each site, as `type\u0000site`, and behind it the
 * suppliers for which it does; none: for any.
 */
export type CarriedTypes = Readonly<Record<string, readonly string[]>>;

const NOTHING: Crossed = { instances: new Map(), rest: [] };

/**
 * Finds the instances with legs that the touches concern, in the order of flow and id, as many as one step may take. What
 * was stored before the step decides, so that a repetition finds the same; some legs may prove untouched.
 */
export async function findCrossed(
  client: ClickHouseClient,
  touches: readonly WindowTouch[],
  options: { models: readonly FlowModel[]; carried: CarriedTypes; before: number; maxVerdicts?: number | undefined },
): Promise<Crossed> {
  if (touches.length === 0) return NOTHING;
  const instances = new Map<string, Set<string>>();
  let room = MAX_INSTANCES;
  let flows = 0;
  for (const [index, touch] of touches.entries()) {
    const leave = (flow: string, id: string): Crossed => ({
      instances,
      rest: [{ ...touch, after: { flow, id } }, ...touches.slice(index + 1)],
    });
    for (const { model, legs } of listKinds(touch, options)) {
      const afterId = touch.after?.flow === model.id ? touch.after.id : "";
      if (room === 0 || flows === MAX_FLOWS) return leave(model.id, afterId);
      const { ids, endId } = await findSlice(client, touch, {
        model,
        legs,
        afterId,
        before: options.before,
        limit: room,
        size: options.maxVerdicts ?? MAX_VERDICTS,
      });
      const known = instances.get(model.id) ?? new Set();
      instances.set(model.id, known);
      for (const id of ids) known.add(id);
      flows += 1;
      const last = ids.length === room ? ids.at(-1) : endId;
      if (last !== undefined) return leave(model.id, last);
      room -= ids.length;
    }
  }
  return { instances, rest: [] };
}

/** The flows that a touch has still to go through, with the legs that it is for. The law's own deadlines are moved by nothing. */
function listKinds(
  touch: WindowTouch,
  { models, carried }: { models: readonly FlowModel[]; carried: CarriedTypes },
): { model: FlowModel; legs: string[] }[] {
  const isSent = (flow: string, leg: string) =>
    touch.source === "" || sendsEndOf(models, { flow, leg }, carried[touch.source] ?? []);
  return models
    .filter(({ id }) => (touch.flow === "" || touch.flow === id) && id >= (touch.after?.flow ?? ""))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((model) => {
      const movable = model.legs
        .filter(
          ({ id, rules }) => (touch.leg === "" || touch.leg === id) && rules.some(({ isStatutory }) => !isStatutory),
        )
        .filter(({ id }) => isSent(model.id, id));
      const legs = [...new Set(movable.map(({ id }) => id))];
      return legs.length === 0 ? [] : [{ model, legs }];
    });
}

const sliceRow = z.tuple([z.array(z.string()), z.number(), z.string()]);

/**
 * Looks through so many verdicts behind an instance: the instances that the touch concerns, in order, and with which instance
 * the verdicts ended; undefined when there are no more.
 */
async function findSlice(
  client: ClickHouseClient,
  touch: WindowTouch,
  query: { model: FlowModel; legs: readonly string[]; afterId: string; before: number; limit: number; size: number },
): Promise<{ ids: string[]; endId: string | undefined }> {
  const [row] = await readRows(client, sliceRow, {
    caller: "projector.crossed-legs",
    sql: `SELECT arraySlice(arraySort(groupUniqArrayIf(instance_id, crosses)), 1, {limit: UInt32}), count(), max(instance_id)
      FROM (
        SELECT instance_id, leg IN {legs: Array(String)}
          AND started_at < fromUnixTimestamp64Milli({until: Int64})
          AND (ended_at IS NULL OR ended_at > fromUnixTimestamp64Milli({from: Int64}))
          AND (due_at IS NULL OR due_at > fromUnixTimestamp64Milli({from: Int64}))
          AND ({site: String} = '' OR site = {site: String})
          AND ({supplier: String} = '' OR supplier = {supplier: String}) AS crosses
        FROM leg_verdicts
        WHERE flow = {flow: String} AND instance_type = {type: String} AND instance_id > {afterId: String}
          AND batch < {before: UInt64}
        ORDER BY instance_id LIMIT {size: UInt32})`,
    values: {
      flow: query.model.id,
      type: query.model.anchor,
      afterId: query.afterId,
      legs: query.legs,
      before: query.before,
      from: touch.from,
      until: touch.until ?? END_OF_TIME,
      site: touch.site,
      supplier: touch.supplier,
      limit: query.limit,
      size: query.size,
    },
  });
  const [ids, count, endId] = row ?? [[], 0, ""];
  if (count < query.size) return { ids, endId: undefined };
  // The last instance may have more verdicts behind the end: it is taken whole, whatever these say.
  return { ids: ids.length === query.limit || ids.at(-1) === endId ? ids : [...ids, endId], endId };
}

/**
 * True when a source sends events that can end a leg: at the site or group-wide, and for the supplier, or for any. A leg
 * without a known supplier may be anybody's; without a site or supplier any will do.
 */
export function sendsEndOf(
  models: readonly FlowModel[],
  of: { flow: string; leg: string; site?: string; supplier?: string },
  carried: readonly string[],
): boolean {
  const model = models.find(({ id }) => id === of.flow);
  const ends = new Set(model?.legs.filter(({ id }) => id === of.leg).map(({ to }) => to));
  const reached = model?.milestones.filter(({ id }) => ends.has(id)) ?? [];
  const types = new Set(reached.flatMap(({ events }) => events.map(({ type }) => type)));
  const { supplier = "" } = of;
  return carried.some((each) => {
    const [type = "", site = "", ...suppliers] = each.split("\u0000");
    const isThere = site === "" || of.site === undefined || site === of.site;
    return types.has(type) && isThere && (supplier === "" || suppliers.length === 0 || suppliers.includes(supplier));
  });
}
