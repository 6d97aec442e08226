import { useParams } from "@solidjs/router";
import type { FlowDetail } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createEffect, createMemo, createSignal } from "solid-js";
import { ApiError } from "../../data/client.ts";
import { decodePathPart } from "../../data/links.ts";
import { toTitle } from "../../format/title.ts";
import { createRead } from "../../data/read.ts";
import { refreshMsOf } from "../../data/refresh.ts";
import { useScope } from "../../data/scope.tsx";
import { formatIsoDuration } from "../../format/duration.ts";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { StatutoryMark } from "../../parts/statutory-mark.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "../../parts/state-panel.tsx";
import { FlowCharts } from "./flow-charts.tsx";
import { FlowDiagram } from "./flow-diagram.tsx";
import { FlowServiceLevels } from "./flow-service-levels.tsx";
import { describeTargets, sayRefresh } from "./flow-text.ts";
import "./flow-page.css";

/** One flow: its milestones and legs, how many stand where, and what to do when one is late. */
export function FlowPage(): JSX.Element {
  const params = useParams();
  const scope = useScope();
  const id = createMemo(() => decodePathPart(params.flow));
  const [latencyClass, setLatencyClass] = createSignal<FlowDetail["definition"]["latencyClass"]>();
  const read = createRead(
    "/flows/{flow}",
    () => ({ path: { flow: id() }, query: { ...scope.countQuery(), ...scope.asOfQuery() } }),
    () => ({ isKept: true, refreshMs: refreshMsOf(latencyClass()) }),
  );
  createEffect(() => setLatencyClass(read.isSuccess ? read.data.definition.latencyClass : undefined));
  const isMissing = () => read.error instanceof ApiError && read.error.status === 404;
  return (
    <Page
      title={read.isSuccess ? read.data.definition.title : "Flow"}
      note={read.isSuccess ? <FlowNote flow={read.data} /> : undefined}
    >
      <Show when={read.isRefetchError}>
        <StaleNote readAtMs={read.dataUpdatedAt} error={read.error} onRetry={() => void read.refetch()} />
      </Show>
      <Switch fallback={<SkeletonBlock height={520} />}>
        <Match when={read.isLoadingError && isMissing()}>
          <EmptyPanel title={`There is no flow ${id()}.`}>
            <a href={scope.linkTo("/flows")}>All flows</a>
          </EmptyPanel>
        </Match>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The flow" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && read.data}>{(flow) => <FlowBody flow={flow()} />}</Match>
      </Switch>
    </Page>
  );
}

function FlowNote(props: { flow: FlowDetail }): JSX.Element {
  const definition = () => props.flow.definition;
  return (
    <span class="flow-note">
      {definition().owner}
      <CriticalityTag criticality={definition().criticality} />
      <span>{toTitle(definition().domain)}</span>
      <span>{sayRefresh(definition().latencyClass)}</span>
      <span>
        Rule <Identifier value={props.flow.ruleVersion.slice(0, 12)} kind="rule version" />
      </span>
    </span>
  );
}

function FlowBody(props: { flow: FlowDetail }): JSX.Element {
  return (
    <div class="flow">
      <p class="flow-description">{props.flow.definition.description}</p>
      <FlowDiagram flow={props.flow} />
      <FlowServiceLevels flow={props.flow.definition.id} />
      <FlowCharts flow={props.flow} />
      <Section title="What to do when it is late">
        <For each={props.flow.definition.legs}>
          {(leg) => (
            <article class="procedure" id={leg.id}>
              <div>
                <h3>{leg.title}</h3>
                <Show when={leg.statutory}>
                  {(rule) => (
                    <p>
                      <StatutoryMark statutory={rule()} />
                    </p>
                  )}
                </Show>
                <For each={describeTargets(leg)}>{(line) => <p class="quiet">{line}</p>}</For>
                <p class="quiet">At risk from {leg.atRiskPercent} % of it on</p>
              </div>
              <p>{leg.response}</p>
            </article>
          )}
        </For>
      </Section>
      <Show when={props.flow.definition.cancelledBy.length > 0}>
        <p class="quiet flow-foot">
          Ended without a verdict by {props.flow.definition.cancelledBy.map(({ type }) => type).join(", ")}. Clocks may
          differ by {formatIsoDuration(props.flow.definition.skewAllowance)}.
        </p>
      </Show>
    </div>
  );
}
