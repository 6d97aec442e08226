import type { BudgetSpender, SloDetail } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { formatPercent } from "../../format/number.ts";
import { toTitle } from "../../format/title.ts";
import { Figure } from "../../parts/figure.tsx";
import { ComplianceBar } from "../../parts/compliance-bar.tsx";
import { SmallTable } from "../../parts/small-table.tsx";

const SHOWN = 5;

/** Which legs, suppliers and sites spent the budget, the worst first. */
export function Spenders(props: { spenders: SloDetail["spenders"]; legs: number }): JSX.Element {
  return (
    <div class="slo-spenders">
      <Show when={props.legs > 1}>
        <SpenderTable title="Spent by leg" spenders={props.spenders.leg} nameOf={toTitle} />
      </Show>
      <SpenderTable title="Spent by supplier" spenders={props.spenders.supplier} nameOf={(id) => id || "None named"} />
      <SpenderTable title="Spent by site" spenders={props.spenders.site} nameOf={(id) => id || "Group-wide"} />
    </div>
  );
}

function SpenderTable(props: {
  title: string;
  spenders: readonly BudgetSpender[];
  nameOf: (value: string) => string;
}): JSX.Element {
  const shown = () => props.spenders.filter(({ spent }) => spent.value > 0).slice(0, SHOWN);
  return (
    <SmallTable
      label={props.title}
      rows={shown()}
      columns={[
        { title: props.title, cell: (spender) => props.nameOf(spender.value) },
        {
          title: "Late",
          align: "end",
          cell: (spender) => (
            <Figure figure={spender.spent} of={`breached legs of ${props.nameOf(spender.value)}`} tone="red" isExact />
          ),
        },
        { title: "Share", align: "end", cell: (spender) => formatPercent(spender.share ?? 0, 1) },
        {
          title: "Compliance",
          cell: (spender) => <ComplianceBar compliance={spender.compliance} of={props.nameOf(spender.value)} isExact />,
        },
      ]}
    />
  );
}
