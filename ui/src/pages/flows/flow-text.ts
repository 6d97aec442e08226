import type { FlowLeg } from "@throughline/api/contract";
import { formatIsoDuration } from "../../format/duration.ts";

/** The targets of a leg in words, the first that applies first: `2 h where criticality is critical`. */
export function describeTargets(leg: Pick<FlowLeg, "targets" | "completion">): string[] {
  const lines = leg.targets.map(({ within, where }, index) => {
    const conditions = Object.entries(where ?? {}).map(
      ([field, values]) => `${nameField(field)} is ${values.map(String).join(" or ")}`,
    );
    const otherwise = index > 0 && conditions.length === 0 ? " otherwise" : "";
    return `Within ${formatIsoDuration(within)}${conditions.length === 0 ? otherwise : ` where ${conditions.join(" and ")}`}`;
  });
  if (leg.completion === undefined) return lines;
  const { underTolerancePercent: percent } = leg.completion;
  return [
    ...lines,
    percent === 0
      ? "Ends when all of the quantity is there"
      : `Ends when all but ${percent} % of the quantity is there`,
  ];
}

/** The target that holds when no condition does, else the last: the one number that a diagram has room for. */
export function mainTarget(leg: Pick<FlowLeg, "targets">): string {
  const target = leg.targets.find(({ where }) => where === undefined) ?? leg.targets.at(-1);
  return target === undefined ? "" : formatIsoDuration(target.within);
}

function nameField(field: string): string {
  return field.replace(/^attributes\./, "").replaceAll("_", " ");
}
