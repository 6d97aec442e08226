import type { SloItem } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { ErrorPanel } from "../../parts/state-panel.tsx";
import { ComplianceBar } from "../../parts/compliance-bar.tsx";
import { BudgetBar } from "../slos/budget-bar.tsx";
import { SloStateMark } from "../slos/slo-state.tsx";
import { formatBurn, formatWindow } from "../slos/slo-text.ts";
import "../../parts/plain-table.css";

/** The objectives of one flow, each over its own window. */
export function FlowServiceLevels(props: { flow: string }): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/slos",
    () => {
      const { site, domain } = scope.query();
      return { query: { flow: [props.flow], ...(site && { site }), ...(domain && { domain }) } };
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
              <div class="scroller">
                <SloTable items={items()} />
              </div>
            </Show>
          )}
        </Match>
      </Switch>
    </Section>
  );
}

function SloTable(props: { items: readonly SloItem[] }): JSX.Element {
  const scope = useScope();
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">Objective</th>
          <th scope="col">State</th>
          <th scope="col" class="wide-column">
            At least
          </th>
          <th scope="col" class="compliance-column">
            Compliance
          </th>
          <th scope="col" class="compliance-column wide-column">
            Budget left
          </th>
          <th scope="col" class="number wide-column">
            Burn over 1 h
          </th>
        </tr>
      </thead>
      <tbody>
        <For each={props.items}>
          {(slo) => (
            <tr>
              <td>
                <a href={scope.linkTo(`/slos?flow=${encodeURIComponent(slo.flow)}&open=${encodeURIComponent(slo.id)}`)}>
                  {slo.title}
                </a>
              </td>
              <td>
                <SloStateMark state={slo.state} />
              </td>
              <td class="wide-column nowrap">
                {slo.objective} % <span class="quiet">over {formatWindow(slo.window)}</span>
              </td>
              <td class="compliance-column">
                <ComplianceBar compliance={slo.compliance} of={slo.title} isExact />
              </td>
              <td class="compliance-column wide-column">
                <BudgetBar budget={slo.budget} />
              </td>
              <td class="number wide-column">{formatBurn(slo.rules[0]?.long.burn ?? null)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
