import type { Names } from "../../data/names.ts";
import type { Filter } from "../../parts/filter-bar.tsx";
import { VerdictShape } from "../../parts/verdict-mark.tsx";
import { VERDICT_ORDER, faceOf } from "../../parts/verdict.ts";

const CRITICALITIES = [
  { value: "critical", title: "Critical" },
  { value: "high", title: "High" },
  { value: "standard", title: "Standard" },
];

/** Open legs by their forecast; the value is the chance to end in time that theirs is below. */
const CHANCES = [
  { value: "0.75", title: "Over 25 % likely late" },
  { value: "0.5", title: "Over 50 % likely late" },
  { value: "0.25", title: "Over 75 % likely late" },
];

/** What a list of legs can be narrowed to. Legs are offered of the chosen flows, or of all of them. */
export function listLegFilters(names: Names, chosenFlows: readonly string[], hasAllVerdicts: boolean): Filter[] {
  const verdicts = hasAllVerdicts ? VERDICT_ORDER : VERDICT_ORDER.slice(0, 2);
  const flows = names.flows().filter(({ id }) => chosenFlows.length === 0 || chosenFlows.includes(id));
  return [
    {
      name: "verdict",
      title: "State",
      choices: verdicts.map((verdict) => ({
        value: verdict,
        title: faceOf(verdict).word,
        mark: <VerdictShape verdict={verdict} />,
      })),
    },
    { name: "flow", title: "Flow", choices: names.flows().map(({ id, title }) => ({ value: id, title })) },
    {
      name: "leg",
      title: "Leg",
      choices: flows
        .flatMap((flow) => flow.legs.map((leg) => ({ value: leg.id, title: leg.title })))
        .filter(isFirstOfValue),
    },
    { name: "criticality", title: "Criticality", choices: CRITICALITIES },
    ...(hasAllVerdicts ? [{ name: "chanceBelow", title: "Likely late", choices: CHANCES }] : []),
  ];
}

function isFirstOfValue(choice: { value: string }, index: number, choices: readonly { value: string }[]): boolean {
  return choices.findIndex(({ value }) => value === choice.value) === index;
}
