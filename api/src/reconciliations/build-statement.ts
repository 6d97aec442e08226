import { AppError } from "@throughline/schemas/error";
import { type Rational, ZERO, formatDecimal, isZero, subtract, sum } from "@throughline/schemas/exact/rational";
import type { Limit } from "@throughline/schemas/pack/tolerance";
import type { Statement } from "../contract/reconciliation.ts";
import { toHref } from "../http/href.ts";
import { AGE_BANDS } from "../projections/reconciliations/age.ts";
import { ITEM_CLASSES } from "../projections/reconciliations/classify.ts";
import { ITEM_CAUSES } from "../projections/reconciliations/find-cause.ts";
import { FLOW_KINDS } from "../projections/reconciliations/flows.ts";
import { type Amount, checkResidual, rollForward } from "../projections/reconciliations/roll-forward.ts";
import { exceeds } from "../projections/matches/tolerance.ts";
import type { FlowSum } from "../queries/sum-item-flows.ts";
import type { OpenSum } from "../queries/sum-open-items.ts";
import type { StatementSums } from "./checkpoints/sum-rows.ts";

export type UnitStatement = Omit<Statement["units"][number], "rows">;
export type UnitDrift = Pick<
  UnitStatement,
  | "unit"
  | "net"
  | "gross"
  | "count"
  | "byClass"
  | "byCause"
  | "aging"
  | "beyondItemLimit"
  | "isAccountBreached"
  | "itemsHref"
>;

interface DriftContext {
  id: string;
  accountLimit: Limit;
  to: string;
  /** Of which company, and as of when, where it was asked for: so that links ask for the same. */
  asked?: { company?: string | undefined; asOf?: string | undefined };
}

/** What is open in one unit, by class, cause and age. */
export function toDrift(
  unit: string,
  open: readonly OpenSum[],
  { id, accountLimit, to, asked }: DriftContext,
): UnitDrift {
  const own = open.filter((each) => each.unit === unit);
  const off = own.filter((each) => each.class === "BREAK" || each.class === "CUTOFF");
  const only = <Name extends string>(names: readonly Name[], nameOf: (each: OpenSum) => Name) =>
    names.flatMap((name) => {
      const group = own.filter((each) => nameOf(each) === name);
      return group.length === 0 ? [] : [{ name, ...toTotal(toGross(group)) }];
    });
  return {
    unit,
    net: formatDecimal(sum(own.map(({ net }) => net))),
    gross: formatDecimal(toGross(own).value),
    count: toGross(own).count,
    byClass: only(ITEM_CLASSES, (each) => each.class).map(({ name, ...rest }) => ({ class: name, ...rest })),
    byCause: only(ITEM_CAUSES, (each) => each.cause).map(({ name, ...rest }) => ({ cause: name, ...rest })),
    aging: only(
      AGE_BANDS.map(({ band }) => band),
      (each) => each.days,
    ).map(({ name, ...rest }) => ({ days: name, ...rest })),
    beyondItemLimit: own.reduce((left, { beyond }) => left + beyond, 0),
    isAccountBreached: exceeds(toGross(off).value, accountLimit),
    itemsHref: toHref(`/reconciliations/${encodeURIComponent(id)}/items`, { to, unit, ...asked }),
  };
}

/** What a statement is made of besides its sums. */
export interface StatementContext extends DriftContext {
  /** What the locked period before it ended with; undefined where none is locked. */
  locked?: { checkpoint: string; closing: readonly OpenSum[]; href: string } | undefined;
}

/**
 * The statement of each unit. Where the period before is locked it opens with what the lock keeps, and what is known otherwise
 * since is an adjustment that names the lock. Throws `internal` when the items do not explain the difference of the sides, or
 * when opening, flows and adjustments do not make the closing.
 */
export function toUnitStatements(figures: StatementSums, context: StatementContext): UnitStatement[] {
  const all = [...figures.opening, ...figures.flows, ...figures.closing, ...(context.locked?.closing ?? [])];
  const units = new Set(all.map(({ unit }) => unit));
  return [...units].toSorted().map((unit) => toUnitStatement(unit, figures, context));
}

function toUnitStatement(unit: string, figures: StatementSums, context: StatementContext): UnitStatement {
  const ofUnit = (sums: StatementSums["opening"]) => toGross(sums.filter((each) => each.unit === unit));
  const flows = figures.flows.filter((flow) => flow.unit === unit);
  assertExplained(
    figures.closing.filter((each) => each.unit === unit),
    flows,
  );
  const amounts = FLOW_KINDS.flatMap((kind) =>
    flows.filter((flow) => flow.kind === kind).map(({ items, value }) => ({ kind, count: items, value })),
  );
  const known = ofUnit(figures.opening);
  const opening = context.locked ? ofUnit(context.locked.closing) : known;
  const adjustments = listAdjustments(opening, known, context);
  const rolled = checkResidual(rollForward(opening, amounts, adjustments), ofUnit(figures.closing));
  return {
    ...toDrift(unit, figures.closing, context),
    opening: toTotal(rolled.opening),
    new: toTotal(rolled.new),
    reopened: toTotal(rolled.reopened),
    changed: toTotal(rolled.changed),
    cleared: toTotal(rolled.cleared),
    adjustments: adjustments.map(({ kind, reason, checkpoint, href, ...amount }) => ({
      ...toTotal(amount),
      kind,
      reason,
      checkpoint,
      href: toHref(href, { unit, asOf: context.asked?.asOf }),
    })),
    closing: toTotal(rolled.closing),
    residual: toTotal({ count: 0, value: ZERO }),
  };
}

/** Later facts of a locked period, as one adjustment that names the lock. */
function listAdjustments(opening: Amount, known: Amount, { locked }: StatementContext) {
  const count = known.count - opening.count;
  const value = subtract(known.value, opening.value);
  if (!locked || (count === 0 && isZero(value))) return [];
  const { checkpoint, href } = locked;
  const reason = "What was known otherwise after the period had been locked.";
  return [{ kind: "after_lock" as const, count, value, reason, checkpoint, href }];
}

function assertExplained(closing: readonly OpenSum[], flows: readonly FlowSum[]) {
  const sideOf = (kind: "a" | "b"): Rational => flows.find((flow) => flow.kind === kind)?.before ?? ZERO;
  const net = subtract(sideOf("a"), sideOf("b"));
  const explained = sum(closing.map((each) => each.net));
  if (isZero(subtract(net, explained))) return;
  const message = `The open items explain ${formatDecimal(explained)} of a difference of ${formatDecimal(net)}.`;
  throw new AppError("internal", message);
}

function toGross(open: readonly Pick<OpenSum, "items" | "gross">[]): Amount {
  return { count: open.reduce((left, { items }) => left + items, 0), value: sum(open.map(({ gross }) => gross)) };
}

function toTotal({ count, value }: Amount): { count: number; value: string } {
  return { count, value: formatDecimal(value) };
}
