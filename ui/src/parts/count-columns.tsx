import type { Compliance, LegCounts } from "@throughline/api/contract";
import { For, type JSX } from "solid-js";
import { ComplianceBar } from "./compliance-bar.tsx";
import { Figure } from "./figure.tsx";
import "./plain-table.css";
import "./count-columns.css";

type CountName = Exclude<keyof LegCounts, "total">;

interface CountColumn {
  title: string;
  /** What is counted, before what it is counted of. */
  of: string;
  tone?: "red" | "amber" | "quiet";
  /** Left out where there is little room. */
  isWide?: boolean;
}

const COLUMNS: Record<CountName, CountColumn> = {
  open: { title: "Open", of: "open legs", isWide: true },
  atRisk: { title: "At risk", of: "legs at risk", tone: "amber" },
  overdue: { title: "Overdue", of: "overdue legs", tone: "red" },
  breached: { title: "Breached", of: "breached legs", tone: "red" },
  unknown: { title: "Unknown", of: "legs whose feed is silent", tone: "quiet" },
  met: { title: "Met", of: "legs met", tone: "quiet", isWide: true },
  others: { title: "Other", of: "other legs", tone: "quiet", isWide: true },
};

/** The counts of a table that has room for few, and of one that has room for all. */
export const MAIN_COUNTS: readonly CountName[] = ["open", "atRisk", "overdue", "breached", "unknown"];
export const ALL_COUNTS: readonly CountName[] = [...MAIN_COUNTS, "met", "others"];

/** What a count is called. */
export function titleOfCount(name: CountName): string {
  return COLUMNS[name].title;
}

/** The heads of a table's columns of counts, and of compliance behind them. */
export function CountHeads(props: { counts: readonly CountName[] }): JSX.Element {
  return (
    <>
      <For each={props.counts}>
        {(name) => (
          <th scope="col" class="number count-column" classList={{ "wide-column": COLUMNS[name].isWide === true }}>
            {COLUMNS[name].title}
          </th>
        )}
      </For>
      <th scope="col" class="compliance-column">
        Compliance
      </th>
    </>
  );
}

interface CountCellsProps {
  counts: readonly CountName[];
  values: LegCounts;
  compliance: Compliance;
  /** What is counted: the title of a flow, a leg or a supplier. */
  of: string;
}

/** The counts of a row with its compliance; each opens the legs that it is made of. */
export function CountCells(props: CountCellsProps): JSX.Element {
  return (
    <>
      <For each={props.counts}>
        {(name) => (
          <td
            class="number"
            classList={{
              "wide-column": COLUMNS[name].isWide === true,
              "blind-cell": name === "unknown" && props.values.unknown.value > 0,
            }}
          >
            <CountFigure name={name} counts={props.values} of={props.of} />
          </td>
        )}
      </For>
      <td class="compliance-column">
        <ComplianceBar compliance={props.compliance} of={props.of} />
      </td>
    </>
  );
}

/** One count that opens its legs, in the colour of what it means. */
export function CountFigure(props: { name: CountName; counts: LegCounts; of: string }): JSX.Element {
  const column = () => COLUMNS[props.name];
  const tone = () => column().tone;
  return (
    <Figure
      figure={props.counts[props.name]}
      of={`${column().of} of ${props.of}`}
      {...(tone() === undefined ? {} : { tone: tone() ?? "quiet" })}
    />
  );
}
