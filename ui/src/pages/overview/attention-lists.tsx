import type { FlowSummary, Leg } from "@throughline/api/contract";
import { For, type JSX, Match, Switch, createMemo } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonRows } from "../../parts/skeleton.tsx";
import { Time } from "../../parts/time.tsx";
import { LegState } from "../legs/leg-columns.tsx";

const SHOWN = 5;
const MOST_READ = 200;

/** What a person can still save, and what was missed last. */
export function AttentionLists(props: { flows: readonly FlowSummary[] }): JSX.Element {
  const scope = useScope();
  const inScope = () => {
    const { from: _from, to: _to, ...places } = scope.query();
    return places;
  };
  const atRisk = createRead(
    "/legs",
    () => ({
      query: { ...inScope(), ...scope.asOfQuery(), verdict: ["AT_RISK"], order: "oldest", limit: MOST_READ },
    }),
    () => ({ isKept: true }),
  );
  const late = createRead(
    "/breaches",
    () => ({ query: { ...scope.query(), ...scope.asOfQuery(), limit: SHOWN } }),
    () => ({ isKept: true }),
  );
  const dueNext = createMemo(() =>
    (atRisk.isSuccess ? atRisk.data.items : [])
      .toSorted((a, b) => (a.dueAt ?? "").localeCompare(b.dueAt ?? ""))
      .slice(0, SHOWN),
  );
  return (
    <div class="attention">
      <Section
        title="Due next"
        note="at risk, soonest deadline first"
        actions={<a href={scope.linkTo("/legs?range=all&verdict=AT_RISK")}>All at risk</a>}
      >
        <LegLines
          legs={dueNext()}
          flows={props.flows}
          isReady={atRisk.isSuccess}
          isFailed={atRisk.isLoadingError}
          emptyText="Nothing is close to its deadline."
        />
      </Section>
      <Section
        title="Missed last"
        note="breached or overdue, newest first"
        actions={<a href={scope.linkTo("/breaches")}>All breaches</a>}
      >
        <LegLines
          legs={late.isSuccess ? late.data.items : []}
          flows={props.flows}
          isReady={late.isSuccess}
          isFailed={late.isLoadingError}
          emptyText="Nothing missed its deadline in this time."
        />
      </Section>
    </div>
  );
}

interface LegLinesProps {
  legs: readonly Leg[];
  flows: readonly FlowSummary[];
  isReady: boolean;
  isFailed: boolean;
  emptyText: string;
}

function LegLines(props: LegLinesProps): JSX.Element {
  const scope = useScope();
  const titleOf = (leg: Leg): string =>
    props.flows.find(({ id }) => id === leg.flow)?.legs.find(({ id }) => id === leg.leg)?.title ?? leg.leg;
  return (
    <div class="leg-lines">
      <Switch fallback={<SkeletonRows count={SHOWN} />}>
        <Match when={props.isFailed}>
          <p class="leg-lines-empty">This list could not be read. The figures above are right.</p>
        </Match>
        <Match when={props.isReady && props.legs.length === 0}>
          <p class="leg-lines-empty">{props.emptyText}</p>
        </Match>
        <Match when={props.isReady}>
          <ul>
            <For each={props.legs}>
              {(leg) => (
                <li>
                  <a class="leg-line" href={scope.linkTo(toPageHref(leg.href))}>
                    <LegState leg={leg} />
                    <span class="leg-line-title">
                      <span class="leg-line-leg">{titleOf(leg)}</span>
                      <span class="mono quiet">{leg.instance.id}</span>
                    </span>
                    <span class="leg-line-site">{leg.site}</span>
                    <span class="leg-line-due quiet">
                      {leg.dueAt !== null && <Time at={leg.dueAt} style="minute" />}
                    </span>
                  </a>
                </li>
              )}
            </For>
          </ul>
        </Match>
      </Switch>
    </div>
  );
}
