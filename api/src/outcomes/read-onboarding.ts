import { type LegCase, listLegCases } from "../queries/list-leg-cases.ts";
import type { Case, Cases, NotMeasurable } from "./cases.ts";
import { type OutcomeContext, TOO_MANY } from "./outcome-figure.ts";
import { countWorkingDays } from "./working-days.ts";

const FLOW = "supplier-onboarding";
/** From the request to the first acknowledgement, and the acceptance of the same order: both have to be there. */
const LEGS = { whole: "onboarding", accepted: "acceptance" };

/** Suppliers from the request to the first live order that was accepted and acknowledged, in business days. */
export async function readOnboarding(context: OutcomeContext): Promise<Cases | NotMeasurable> {
  const { reader, asker, pack, workingTimes, span, sites, asOf, most } = context;
  const leg = pack.flows.get(FLOW)?.legs.find(({ id }) => id === LEGS.whole);
  if (leg === undefined) return { because: `the configuration has no flow ${FLOW} with a leg ${LEGS.whole}` };
  const calendar = leg.targets.flatMap((target) => ("calendar" in target ? (target.calendar ?? []) : []))[0];
  const working = calendar === undefined ? undefined : workingTimes.get(calendar);
  if (working === undefined) return { because: `no target of the leg ${LEGS.whole} names a calendar of business days` };
  // An order may be accepted long before it is acknowledged: the acceptance is looked for over all time.
  const legs = await listLegCases(reader, asker, {
    flow: FLOW,
    legs: Object.values(LEGS),
    from: 0,
    to: span.to,
    sites,
    asOf,
    most,
  });
  if (legs === undefined) return TOO_MANY;
  if (legs.length === 0) return { because: "no request for a supplier has ever been seen" };
  const cases: Cases = { counted: [], excluded: [], open: [] };
  for (const own of Map.groupBy(legs, ({ id }) => id).values()) {
    const [whole, accepted] = [findLast(own, LEGS.whole), findLast(own, LEGS.accepted)];
    if (whole === undefined || whole.started === null) continue;
    const ends = [whole.ended, accepted?.ended ?? null].flatMap((end) => end ?? []);
    const ended = ends.length === 2 ? Math.max(...ends) : undefined;
    if (whole.verdict === "EXCLUDED")
      cases.excluded.push({ ...toLegCase(whole, whole.dated), reason: "the request was declined or withdrawn" });
    else if (ended !== undefined && ended < span.to)
      cases.counted.push({
        ...toLegCase(whole, ended),
        part: countWorkingDays(working, whole.started, ended),
        whole: 1,
      });
    else cases.open.push(toLegCase(whole, whole.started));
  }
  return cases;
}

function findLast(legs: readonly LegCase[], leg: string): LegCase | undefined {
  return legs.findLast((one) => one.leg === leg);
}

export function toLegCase({ type, id, site, supplier }: LegCase, at: number): Case {
  return { at, key: id, object: { type, id }, site, supplier, note: "" };
}
