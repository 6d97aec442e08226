import type { Flow, FlowLeg } from "./flow.ts";

type Milestones = Flow["milestones"];
type Each = NonNullable<FlowLeg["each"]>;

/** The name of what stands for one value of `each`. */
export function toEachId(id: string, value: string): string {
  return `${id}-${value}`;
}

/**
 * Replaces each leg that stands for several by these, one for each value, with an end of its own. An end that no other
 * leg names goes; the new ones take its place in the order of the milestones.
 */
export function expandLegs(flow: Flow): Flow {
  if (flow.legs.every(({ each }) => each === undefined)) return flow;
  const legs = flow.legs.flatMap(toLegs);
  const used = new Set(legs.flatMap(({ from, to }) => [from, to]));
  const milestones = Object.entries(flow.milestones).flatMap(([id, milestone]) => [
    ...(used.has(id) ? [[id, milestone] as const] : []),
    ...flow.legs.flatMap(({ to, each }) => (to === id && each ? toEnds([id, milestone], each) : [])),
  ]);
  return { ...flow, legs, milestones: Object.fromEntries(milestones) };
}

function toLegs({ each, ...leg }: FlowLeg): FlowLeg[] {
  if (each === undefined) return [leg];
  return Object.entries(each.values).map(([value, title]) => ({
    ...leg,
    id: toEachId(leg.id, value),
    title: `${leg.title}: ${title}`,
    to: toEachId(leg.to, value),
  }));
}

function toEnds([id, milestone]: readonly [string, Milestones[string]], each: Each) {
  return Object.entries(each.values).map(([value, title]) => {
    const events = milestone.events.map(({ type, where }) => ({ type, where: { ...where, [each.field]: [value] } }));
    return [toEachId(id, value), { ...milestone, title: `${milestone.title}: ${title}`, events }] as const;
  });
}
