import type { SloDetail, SloItem } from "@throughline/api/contract";
import { For, type JSX, Match, Switch } from "solid-js";
import { ApiError } from "../../data/client.ts";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { toTitle } from "../../format/title.ts";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Figure } from "../../parts/figure.tsx";
import { NoteBox, StateLine } from "../../parts/note-box.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { ComplianceBar } from "../../parts/compliance-bar.tsx";
import { BudgetBar } from "./budget-bar.tsx";
import { BurnCharts } from "./burn-charts.tsx";
import { Spenders } from "./spenders.tsx";
import { SloStateMark } from "./slo-state.tsx";
import { formatBurn, formatLength, formatWindow, sayState } from "./slo-text.ts";
import "./slo-drawer.css";

/** One objective: what is left of its budget, how fast it burns, and whose legs spent it. */
export function SloDrawer(props: { id: string; closeHref: string }): JSX.Element {
  const scope = useScope();
  const read = createRead("/slos/{id}", () => ({
    path: { id: props.id },
    query: { ...scope.query(), ...scope.asOfQuery() },
  }));
  const isMissing = () => read.error instanceof ApiError && read.error.status === 404;
  return (
    <Drawer
      label="Objective"
      title={read.isSuccess ? read.data.slo.title : props.id}
      closeHref={props.closeHref}
      shows={props.id}
      actions={
        <Switch>
          <Match when={read.isSuccess && read.data.slo}>
            {(slo) => (
              <>
                <a class="button" href={toPageHref(slo().budget.spent.href)}>
                  Legs that spent it
                </a>
                <a class="button" href={scope.linkTo(`/flows/${encodeURIComponent(slo().flow)}`)}>
                  {slo().flowTitle}
                </a>
              </>
            )}
          </Match>
        </Switch>
      }
    >
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={read.isSuccess && read.data}>{(detail) => <SloBody detail={detail()} />}</Match>
        <Match when={read.isError && isMissing()}>
          <EmptyPanel title="This objective is not there.">
            It was taken out of the configuration, or is of sites outside of what is chosen.
          </EmptyPanel>
        </Match>
        <Match when={read.isError}>
          <ErrorPanel what="The objective" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
      </Switch>
    </Drawer>
  );
}

function SloBody(props: { detail: SloDetail }): JSX.Element {
  const slo = () => props.detail.slo;
  return (
    <>
      <StateLine mark={<SloStateMark state={slo().state} />}>
        <p>{sayState(slo())}</p>
      </StateLine>
      <Facts
        facts={[
          { name: "Objective", value: `${slo().objective} % in time, over ${formatWindow(slo().window)}` },
          { name: "Compliance", value: <ComplianceBar compliance={slo().compliance} of={slo().title} isExact /> },
          { name: "Budget left", value: <BudgetBar budget={slo().budget} /> },
          {
            name: "Spent",
            value: <Figure figure={slo().budget.spent} of="breached legs" tone="red" isExact />,
          },
          {
            name: "Overdue, not yet spent",
            value: <Figure figure={slo().budget.provisional} of="overdue legs" isExact />,
          },
          slo().coverage.blind > 0
            ? { name: "Feeds not heard", value: `${slo().coverage.blind} of ${slo().coverage.feeds}` }
            : undefined,
          slo().coverage.unknown.value > 0
            ? {
                name: "Unknown, in no figure",
                value: <Figure figure={slo().coverage.unknown} of="unknown legs" isExact />,
              }
            : undefined,
          { name: "Legs", value: slo().legs.map(toTitle).join(", ") },
          slo().suppliers.length > 0 ? { name: "Suppliers", value: slo().suppliers.join(", ") } : undefined,
          slo().sites.length > 0 ? { name: "Sites", value: slo().sites.join(", ") } : undefined,
          slo().criticality.length > 0 ? { name: "Importance", value: slo().criticality.join(", ") } : undefined,
          { name: "Owner", value: slo().owner },
          { name: "Judged to", value: <Time at={slo().settledTo} style="minute" /> },
        ]}
      />
      <RuleTable slo={slo()} />
      <BurnCharts slo={slo()} series={props.detail.series} />
      <Spenders spenders={props.detail.spenders} legs={slo().legs.length} />
      <NoteBox title="What to do when it burns">
        <p>{slo().response}</p>
      </NoteBox>
    </>
  );
}

function RuleTable(props: { slo: SloItem }): JSX.Element {
  return (
    <table class="plain-table">
      <caption class="slo-caption">
        Raised when both windows burn faster, from {formatNoun(props.slo.minimum, "judged leg")} in the longer one on
      </caption>
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Window</th>
          <th scope="col" class="number">
            Burn
          </th>
          <th scope="col" class="number">
            Late
          </th>
          <th scope="col" class="number">
            In time
          </th>
        </tr>
      </thead>
      <For each={props.slo.rules}>
        {(rule) => (
          <tbody class="slo-rule" classList={{ quiet: !rule.isEnough }}>
            <For each={[rule.long, rule.short]}>
              {(window, index) => (
                <tr>
                  <td>{index() === 0 ? `${toTitle(rule.severity)} above ${rule.times}×` : ""}</td>
                  <td>{formatLength(window.lengthMs)}</td>
                  <td class="number" classList={{ late: rule.isEnough && (window.burn ?? 0) > rule.times }}>
                    {formatBurn(window.burn)}
                  </td>
                  <td class="number">
                    <Figure figure={window.bad} of={`breached legs of ${formatLength(window.lengthMs)}`} isExact />
                  </td>
                  <td class="number">
                    <Figure figure={window.good} of={`legs met of ${formatLength(window.lengthMs)}`} isExact />
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        )}
      </For>
    </table>
  );
}
