import { canonicalize } from "./canonical.ts";
import { checkEach } from "./check-each.ts";
import type { FlowDraft, LegDraft } from "./flow-draft.ts";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

/** The rules between the milestones and the legs of one flow. */
export function checkLegs(file: YamlFile, flow: FlowDraft, calendars: readonly string[]): PackIssue[] {
  return [
    ...flow.legs.flatMap((leg, index) => [
      ...checkEnds(file, flow, index),
      ...checkCompletion(file, flow, index),
      ...checkTargets(file, leg, index),
      ...checkCalendars(file, { leg, index, calendars }),
    ]),
    ...checkLegIds(file, flow),
    ...checkEach(file, flow),
    ...checkStatutory(file, flow),
    ...checkChanges(file, flow),
    ...checkUnusedMilestones(file, flow),
  ];
}

function checkEnds(file: YamlFile, flow: FlowDraft, index: number): PackIssue[] {
  const leg = flow.legs[index];
  if (leg === undefined) return [];
  const known = Object.keys(flow.milestones);
  const issues = (["from", "to"] as const).flatMap((end) => {
    const milestone = leg[end];
    if (milestone === undefined || Object.hasOwn(flow.milestones, milestone)) return [];
    const hint = suggest(milestone, known);
    return [file.issueAt(["legs", index, end], `no milestone "${milestone}" in this flow`, { hint })];
  });
  if (leg.from !== undefined && leg.from === leg.to)
    issues.push(
      file.issueAt(["legs", index, "to"], `the leg starts and ends at "${leg.to}"`, { hint: "name two milestones" }),
    );
  return issues;
}

function checkCompletion(file: YamlFile, flow: FlowDraft, index: number): PackIssue[] {
  const leg = flow.legs[index];
  if (leg?.completion === undefined) return [];
  return [leg.from, leg.to].flatMap((milestone) => {
    if (milestone === undefined || !Object.hasOwn(flow.milestones, milestone)) return [];
    if (flow.milestones[milestone]?.measure !== undefined) return [];
    const message = `completion by quantity needs a measure on the milestone "${milestone}"`;
    return [
      file.issueAt(["legs", index, "completion"], message, {
        at: "key",
        hint: `add "measure: quantity" to ${milestone}`,
      }),
    ];
  });
}

function checkTargets(file: YamlFile, leg: LegDraft, index: number): PackIssue[] {
  const issues: PackIssue[] = [];
  const seen = new Set<string>();
  let unconditional: number | undefined;
  for (const [position, target] of leg.targets.entries()) {
    const path = ["legs", index, "targets", position];
    if (target.within !== undefined && /^PT(0+[HM])*(0+(\.0+)?S)?$/.test(target.within))
      issues.push(file.issueAt([...path, "within"], "within must be longer than nothing"));
    const isConditional = hasConditions(target.where);
    const condition = canonicalize(target.where ?? null);
    if (unconditional !== undefined)
      issues.push(
        file.issueAt(path, `targets[${position}] is never used: targets[${unconditional}] always applies`, {
          hint: "put the one without `where` last",
        }),
      );
    else if (isConditional && seen.has(condition))
      issues.push(file.issueAt(path, `targets[${position}] is never used: an earlier one has the same conditions`));
    seen.add(condition);
    if (!isConditional) unconditional ??= position;
  }
  if (leg.targets.length > 0 && unconditional === undefined)
    issues.push(
      file.issueAt(["legs", index, "targets"], "no target applies when no condition holds", {
        at: "key",
        hint: "end the list with a target without `where`",
      }),
    );
  return issues;
}

function checkCalendars(
  file: YamlFile,
  { leg, index, calendars }: { leg: LegDraft; index: number; calendars: readonly string[] },
): PackIssue[] {
  return leg.targets.flatMap(({ calendar }, position) => {
    if (calendar === undefined || calendars.includes(calendar)) return [];
    const hint = calendars.length === 0 ? "declare it in calendars.yaml" : suggest(calendar, calendars);
    return [file.issueAt(["legs", index, "targets", position, "calendar"], `no calendar "${calendar}"`, { hint })];
  });
}

function hasConditions(where: unknown): boolean {
  return typeof where === "object" && where !== null && Object.keys(where).length > 0;
}

function checkLegIds(file: YamlFile, flow: FlowDraft): PackIssue[] {
  const seen = new Set<string>();
  return flow.legs.flatMap(({ id }, index) => {
    if (id === undefined) return [];
    if (seen.has(id)) return [file.issueAt(["legs", index, "id"], `another leg of this flow is called "${id}"`)];
    seen.add(id);
    return [];
  });
}

/** A flow that is called statutory says which of its legs the law sets. */
function checkStatutory(file: YamlFile, flow: FlowDraft): PackIssue[] {
  if (flow.latencyClass !== "statutory" || flow.legs.length === 0 || flow.legs.some((leg) => leg.isStatutory))
    return [];
  const hint = "add statutory with citation and title to the legs that the law sets, or choose another class";
  return [file.issueAt(["latencyClass"], "no leg of this flow is statutory", { hint })];
}

function checkChanges(file: YamlFile, flow: FlowDraft): PackIssue[] {
  const legs = new Map(flow.legs.flatMap((leg) => (leg.id === undefined ? [] : [[leg.id, leg] as const])));
  return flow.changes.flatMap((change, index) => [
    ...checkStated(file, flow, index),
    ...change.legs.flatMap((id, position) => {
      if (id === undefined) return [];
      const path = ["changes", index, "legs", position];
      const leg = legs.get(id);
      if (leg === undefined)
        return [file.issueAt(path, `no leg "${id}" in this flow`, { hint: suggest(id, [...legs.keys()]) })];
      if (leg.each !== undefined)
        return [file.issueAt(path, `"${id}" is a leg for each of several values and cannot start anew`)];
      if (leg.completion === undefined) return [];
      return [file.issueAt(path, `"${id}" ends by quantity and cannot start anew`, { hint: "leave it out" })];
    }),
  ]);
}

/** A change does something, and the milestone whose quantity it states is one that a leg compares with. */
function checkStated(file: YamlFile, flow: FlowDraft, index: number): PackIssue[] {
  const { legs, quantity } = flow.changes[index] ?? {};
  const path = ["changes", index, "quantity"];
  if (quantity === undefined) {
    if (legs?.length !== 0) return [];
    const hint = "name the legs that start anew, or the milestone whose quantity it states";
    return [file.issueAt(["changes", index], `changes[${index}] changes nothing`, { hint })];
  }
  if (typeof quantity !== "string") return [];
  const milestone = Object.hasOwn(flow.milestones, quantity) ? flow.milestones[quantity] : undefined;
  if (milestone === undefined)
    return [
      file.issueAt(path, `no milestone "${quantity}" in this flow`, {
        hint: suggest(quantity, Object.keys(flow.milestones)),
      }),
    ];
  if (milestone.measure === undefined)
    return [
      file.issueAt(path, `the milestone "${quantity}" counts no quantity that could change`, {
        hint: `add "measure: quantity" to ${quantity}`,
      }),
    ];
  if (flow.legs.some(({ from, completion }) => from === quantity && completion !== undefined)) return [];
  const hint = "name the milestone from which such a leg leads";
  return [file.issueAt(path, `no leg that ends by quantity starts at "${quantity}"`, { hint })];
}

function checkUnusedMilestones(file: YamlFile, flow: FlowDraft): PackIssue[] {
  const used = new Set(flow.legs.flatMap((leg) => [leg.from, leg.to]));
  return Object.keys(flow.milestones).flatMap((id) => {
    if (used.has(id)) return [];
    const hint = "name it in a leg or remove it";
    return [file.issueAt(["milestones", id], `no leg starts or ends at "${id}"`, { at: "key", hint })];
  });
}
