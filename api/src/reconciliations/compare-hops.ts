import { AppError } from "@throughline/schemas/error";
import { ZERO, formatDecimal } from "@throughline/schemas/exact/rational";
import type { ControlDifferences, ControlTotals, ControlTotalsQuery } from "../contract/control-totals.ts";
import { toHref, toJourneyHref } from "../http/href.ts";
import { type ControlTotal, findDiscrepancies, isSameTotal } from "../projections/reconciliations/control-totals.ts";
import type { Side } from "../projections/reconciliations/entry.ts";
import { KEY_SEPARATOR } from "../projections/reconciliations/entry-key.ts";
import { createHop, sumHop } from "../queries/ask-hop.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { HopWindow } from "../queries/hop-statements.ts";
import { assertOrdered, toInstant } from "../queries/time-range.ts";
import type { Found } from "./item-finder.ts";
import { toFeeds } from "./list-reconciliations.ts";

const MAX_WINDOW_MS = 31 * 86_400_000;
const NOTHING: ControlTotal = { keys: 0, count: 0, sum: ZERO, digest: "" };

interface Comparison {
  found: Found;
  window: ControlTotalsQuery;
}

/** What both sides of a reconciliation stated in a window, each unit by itself. Throws `invalid_request` for a window too long. */
export async function compareHops(reader: StoreReader, asker: Asker, comparison: Comparison): Promise<ControlTotals> {
  const { found, window } = comparison;
  const [a, b] = await Promise.all([
    sumHop(reader, toHopAsker(asker, found), toWindow(comparison, "a")),
    sumHop(reader, toHopAsker(asker, found), toWindow(comparison, "b")),
  ]);
  const { rule } = found.at.model;
  const path = `/reconciliations/${encodeURIComponent(rule.id)}/control-totals/differences`;
  return {
    reconciliation: rule.id,
    a: rule.a.title,
    b: rule.b.title,
    from: toInstant(Date.parse(window.from)),
    to: toInstant(Date.parse(window.to)),
    feeds: toFeeds(found.at.feeds),
    units: [...new Set([...a.keys(), ...b.keys()])].toSorted().map((unit) => ({
      unit,
      a: toTotal(a.get(unit) ?? NOTHING),
      b: toTotal(b.get(unit) ?? NOTHING),
      isSame: isSameTotal(a.get(unit), b.get(unit)),
      differencesHref: toHref(path, { ...window, unit }),
    })),
  };
}

/** The keys that one side stated in a window and the other did not, or with another sum. */
export async function listHopDifferences(
  reader: StoreReader,
  asker: Asker,
  { unit, ...comparison }: Comparison & { unit: string },
): Promise<ControlDifferences> {
  const { found } = comparison;
  const [a, b] = (["a", "b"] as const).map((side) =>
    createHop(reader, toHopAsker(asker, found), { ...toWindow(comparison, side), unit }),
  );
  if (a === undefined || b === undefined) throw new RangeError("a reconciliation has two sides");
  const { found: differing, isWhole } = await findDiscrepancies({ a, b });
  const { subjectType } = found.at.model;
  return {
    isWhole,
    items: differing.map((one) => {
      const key = one.key.split(KEY_SEPARATOR);
      return {
        key,
        a: one.a ? formatDecimal(one.a) : null,
        b: one.b ? formatDecimal(one.b) : null,
        href: toJourneyHref({ type: subjectType, id: key[0] ?? "" }),
      };
    }),
  };
}

/** Who may see the reconciliation sees what both of its sides state, whatever domain they are of; of their own sites. */
function toHopAsker(asker: Asker, { at }: Found): Asker {
  const { domains } = asker.scope;
  const { rule } = at.model;
  if (domains !== "*" && !domains.includes(rule.domain))
    throw new AppError("not_found", `There is no reconciliation ${rule.id}.`);
  return { ...asker, scope: { ...asker.scope, domains: "*" } };
}

function toWindow({ found, window }: Comparison, side: Side): HopWindow {
  const { model, sites } = found.at;
  assertOrdered(window);
  const [from, until] = [Date.parse(window.from), Date.parse(window.to)];
  if (until - from > MAX_WINDOW_MS)
    throw new AppError("invalid_request", "The window cannot be used.", {
      issues: [{ path: "/query/to", message: "must be within 31 days of `from`" }],
    });
  if (model.sides.b.isLevel)
    throw new AppError("conflict", `${model.rule.id} compares levels, which have no control totals.`);
  return { model, side, from, until, sites };
}

function toTotal({ keys, count, sum, digest }: ControlTotal): ControlTotals["units"][number]["a"] {
  return { keys, count, sum: formatDecimal(sum), digest };
}
