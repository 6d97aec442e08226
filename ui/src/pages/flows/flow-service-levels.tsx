import type { SloItem } from "@throughline/api/contract";
import { type JSX, Match, Show, Switch } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { ErrorPanel } from "../../parts/state-panel.tsx";
import { ComplianceBar } from "../../parts/compliance-bar.tsx";
import { BudgetBar } from "../slos/budget-bar.tsx";
import { SloStateMark } from "../slos/slo-state.tsx";
import { formatBurn, formatWindow } from "../slos/slo-text.ts";

/** The objectives of one flow, each over its own window. */
export function FlowServiceLevels(props: { flow: string }): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/slos",
    () => {
      const { site, domain } = scope.query();
      return { query: { flow: [props.flow], ...(site && { site }), ...(domain && { domain }), ...scope.asOfQuery() } };
    },
    () => ({ isKept: true }),
  );
  return (
    <Section
      title="Service levels"
      note="each over its own window"
      actions={<a href={scope.linkTo(`/slos?flow=${encodeURIComponent(props.flow)}`)}>All of this flow</a>}
    >
      <Switch fallback={<SkeletonBlock height={96} />}>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The objectives" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && read.data.items}>
          {(items) => (
            <Show
              when={items().length > 0}
              fallback={
                <p class="quiet flow-foot">
                  No objective is set for this flow. They are described in <code>config/slos.yaml</code>.
                </p>
              }
            >
              <SloTable items={items()} />
            </Show>
          )}
        </Match>
      </Switch>
    </Section>
  );
}

function SloTable(props: { items: readonly SloItem[] }): JSX.Element {
  const scope = useScope();
  const hrefOf = ({ flow, id }: SloItem) =>
    scope.linkTo(`/slos?flow=${encodeURIComponent(flow)}&open=${encodeURIComponent(id)}`);
  return (
    <SmallTable
      label="Service levels"
      rows={props.items}
      columns={[
        { title: "Objective", class: "objective-column", cell: (slo) => <a href={hrefOf(slo)}>{slo.title}</a> },
        { title: "State", cell: (slo) => <SloStateMark state={slo.state} /> },
        {
          title: "At least",
          isWide: true,
          cell: (slo) => (
            <>
              <span class="nowrap">{slo.objective} %</span> <span class="quiet">over {formatWindow(slo.window)}</span>
            </>
          ),
        },
        {
          title: "Compliance",
          class: "compliance-column",
          cell: (slo) => <ComplianceBar compliance={slo.compliance} of={slo.title} isExact />,
        },
        {
          title: "Budget left",
          class: "compliance-column",
          isWide: true,
          cell: (slo) => <BudgetBar budget={slo.budget} />,
        },
        {
          title: "Burn over 1 h",
          align: "end",
          isWide: true,
          cell: (slo) => formatBurn(slo.rules[0]?.long.burn ?? null),
        },
      ]}
    />
  );
}
