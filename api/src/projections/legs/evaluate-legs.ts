import type { Contest } from "../fact.ts";
import type { LegPlace } from "../feeds/carriers.ts";
import type { FlowModel } from "./flow-model.ts";
import { judgeLeg } from "./judge-leg.ts";
import type { LegModel } from "./leg-model.ts";
import { type LegRow, toSlot } from "./leg-row.ts";
import type { Clock, Watermark } from "./leg-state.ts";
import type { FindWindows } from "./moves.ts";
import type { ItemUnits } from "../matches/reference.ts";
import { type History, summarize } from "./summarize.ts";

/** What an evaluation may know besides the history. The same context and history give the same rows, always. */
export interface LegContext {
  now: number;
  /** Up to when a milestone is complete for a leg at a site, about the deliveries of a supplier. */
  watermark: (model: FlowModel, milestone: string, place: LegPlace) => Watermark;
  contested: ReadonlyMap<string, Contest>;
  /** The approved windows, as they were known when the evaluation was planned. */
  windows: FindWindows;
  /** What one unit of an item is in another, by the days from which that holds. */
  itemUnits: readonly ItemUnits[];
}

/** The rows of an instance's legs, all or some. Pure: neither the clock nor the order of `facts` has any say. */
export function evaluateLegs(
  history: History,
  model: FlowModel,
  context: LegContext & { legs?: readonly LegModel[] },
): LegRow[] {
  const summary = summarize(history, model, context.contested);
  const rows = (context.legs ?? model.legs).flatMap((leg) => {
    const clockOf = (place: LegPlace): Clock => ({
      now: context.now,
      from: context.watermark(model, leg.from, place),
      to: context.watermark(model, leg.to, place),
      skewAllowanceMs: model.skewAllowanceMs,
    });
    const { windows, itemUnits } = context;
    return judgeLeg({ model, leg, instanceId: history.instanceId }, summary, { clockOf, windows, itemUnits });
  });
  return model.hasWays ? keepFirst(rows) : rows;
}

/** Of a leg that has led between different milestones, each occurrence once: by the rules under which it began first. */
function keepFirst(rows: readonly LegRow[]): LegRow[] {
  const first = new Map<string, LegRow>();
  const startOf = ({ startedAt, endedAt }: LegRow) => startedAt ?? endedAt ?? Infinity;
  for (const row of rows) {
    const rival = first.get(toSlot(row));
    if (rival === undefined || startOf(row) < startOf(rival)) first.set(toSlot(row), row);
  }
  return [...first.values()];
}
