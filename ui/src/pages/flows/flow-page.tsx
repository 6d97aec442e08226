import { useParams, useSearchParams } from "@solidjs/router";
import type { FlowDetail, FlowLeg, LegSummary } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createEffect, createMemo, createSignal } from "solid-js";
import { ApiError } from "../../data/client.ts";
import { decodePathPart } from "../../data/links.ts";
import { toTitle } from "../../format/title.ts";
import { createRead } from "../../data/read.ts";
import { refreshMsOf } from "../../data/refresh.ts";
import { one, useScope } from "../../data/scope.tsx";
import { formatIsoDuration } from "../../format/duration.ts";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { StatutoryMark } from "../../parts/statutory-mark.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "../../parts/state-panel.tsx";
import { FlowCharts } from "./flow-charts.tsx";
import type { DurationsState } from "./durations.ts";
import { FlowDiagram } from "./flow-diagram.tsx";
import { FlowServiceLevels } from "./flow-service-levels.tsx";
import { describeTargets, sayRefresh } from "./flow-text.ts";
import { LegSection } from "./leg-section.tsx";
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
  const scope = useScope();
  const [search] = useSearchParams();
  const read = createRead(
    "/flows/{flow}/durations",
    () => ({
      path: { flow: props.flow.definition.id },
      query: { ...scope.countQuery(), ...scope.asOfQuery() },
    }),
    () => ({ isKept: true }),
  );
  const durations = () => (read.isSuccess ? read.data : undefined);
  const reading = (): DurationsState => (read.isSuccess ? "read" : read.isLoadingError ? "failed" : "reading");
  const chosen = createMemo(() => findLeg(props.flow.summary.legs, one(search.leg)));
  const hrefOf = (leg: string): string =>
    scope.linkTo(`/flows/${encodeURIComponent(props.flow.definition.id)}?leg=${encodeURIComponent(leg)}`);
  return (
    <div class="flow">
      <p class="flow-description">{props.flow.definition.description}</p>
      <FlowDiagram flow={props.flow} durations={durations()} reading={reading()} chosen={chosen()} hrefOf={hrefOf} />
      <FlowServiceLevels flow={props.flow.definition.id} />
      <Show when={chosen()}>
        {(leg) => (
          <LegSection
            flow={props.flow}
            leg={leg()}
            range={durations()?.range}
            durations={durations()?.items.find((item) => item.leg === leg())}
            reading={reading()}
            failure={read.error}
            onRetry={() => void read.refetch()}
          />
        )}
      </Show>
      <FlowCharts flow={props.flow} />
      <Procedures legs={props.flow.definition.legs} />
      <Show when={props.flow.definition.cancelledBy.length > 0}>
        <p class="quiet flow-foot">
          Ended without a verdict by {props.flow.definition.cancelledBy.map(({ type }) => type).join(", ")}. Clocks may
          differ by {formatIsoDuration(props.flow.definition.skewAllowance)}.
        </p>
      </Show>
    </div>
  );
}

/** What to do about each leg, and what it may take. */
function Procedures(props: { legs: readonly FlowLeg[] }): JSX.Element {
  return (
    <Section title="What to do when it is late">
      <For each={props.legs}>
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
  );
}

/** The leg asked for, else the one that most is late of, else the first that has any. */
function findLeg(legs: readonly LegSummary[], asked: string | undefined): string | undefined {
  const known = legs.find(({ id }) => id === asked);
  const late = ({ counts }: LegSummary): number => counts.breached.value + counts.overdue.value;
  const worst = legs.toSorted((a, b) => late(b) - late(a) || b.counts.total.value - a.counts.total.value)[0];
  return (known ?? worst)?.id;
}
