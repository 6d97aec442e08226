import type { Leg, LegStory as Story, StoryEvent, StoryStep, StoryWindow } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createMemo } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { CorrectedMark } from "../../parts/corrected-mark.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { ErrorPanel } from "../../parts/state-panel.tsx";
import { EventTime } from "../../parts/event-time.tsx";
import { Time } from "../../parts/time.tsx";
import { VerdictMark } from "../../parts/verdict-mark.tsx";
import { sayCause, sayChanges, sayRules, sayWindow } from "./leg-story-text.ts";
import "./leg-story.css";

/** What the tower knew of a leg and when: each verdict with what brought it, the newest first. */
export function LegStory(props: { leg: Leg }): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/legs/{flow}/{leg}/{type}/{id}/{occurrence}",
    () => {
      const { flow, leg, instance, occurrence } = props.leg;
      const path = { flow, leg, type: instance.type, id: instance.id, occurrence: String(occurrence) };
      return { path, query: scope.asOfQuery() };
    },
    () => ({ isKept: true }),
  );
  return (
    <section class="leg-story" aria-label="What was known, and when">
      <h3>What was known, and when</h3>
      <Switch fallback={<SkeletonLines widths={[70, 90, 60, 85]} />}>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The history" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && read.data}>{(story) => <Steps story={story()} />}</Match>
      </Switch>
    </section>
  );
}

function Steps(props: { story: Story }): JSX.Element {
  const { zone } = usePreferences();
  const steps = createMemo(() =>
    props.story.steps.map((step, index, all) => ({ step, before: all[index - 1] })).toReversed(),
  );
  return (
    <>
      <For each={props.story.rules}>{(rules) => <p class="story-rules">{sayRules(rules, zone())}</p>}</For>
      <ol class="story-steps">
        <For each={steps()}>
          {({ step, before }) => <Step step={step} before={before} journeyHref={toPageHref(props.story.leg.href)} />}
        </For>
      </ol>
      <Show when={props.story.isTruncated}>
        <p class="quiet">The newest {formatNoun(props.story.steps.length, "verdict")}; earlier ones are kept.</p>
      </Show>
    </>
  );
}

function Step(props: { step: StoryStep; before: StoryStep | undefined; journeyHref: string }): JSX.Element {
  const { zone } = usePreferences();
  const changes = () => sayChanges(props.step, props.before, zone());
  return (
    <li class="story-step" classList={{ corrected: props.step.isCorrection }}>
      <div class="story-head">
        <Show when={props.step.verdict} fallback={<span class="quiet">No longer known</span>}>
          {(verdict) => <VerdictMark verdict={verdict()} />}
        </Show>
        <Show when={props.step.isCorrection}>
          <CorrectedMark hasWord />
        </Show>
        <span class="story-when quiet">
          <Time at={props.step.evaluatedAt} style="second" />
        </span>
      </div>
      <For
        each={props.step.cause.events}
        fallback={
          <Show when={props.step.cause.kind !== "window"}>
            <p>{sayCause(props.step)}</p>
          </Show>
        }
      >
        {(event) => <Bringer event={event} journeyHref={props.journeyHref} />}
      </For>
      <For each={props.step.cause.windows}>{(window) => <Mover window={window} />}</For>
      <For each={changes()}>{(change) => <p class="quiet">{change}</p>}</For>
    </li>
  );
}

/** A window that moved the deadline, with a way to all that was decided about it. */
function Mover(props: { window: StoryWindow }): JSX.Element {
  const { zone } = usePreferences();
  const scope = useScope();
  return (
    <p>
      {sayWindow(props.window, zone())}{" "}
      <Show when={props.window.isListed}>
        <a href={scope.linkTo(`/excuses?open=${encodeURIComponent(props.window.id)}`)}>What was decided</a>
      </Show>
    </p>
  );
}

function Bringer(props: { event: StoryEvent; journeyHref: string }): JSX.Element {
  const scope = useScope();
  const title = () => props.event.milestones.join(", ") || props.event.type;
  return (
    <p>
      <a
        href={scope.linkTo(`${props.journeyHref}?open=${encodeURIComponent(`event~${props.event.key}`)}`)}
        title={props.event.type}
      >
        {title()}
      </a>{" "}
      of <EventTime event={props.event} /> arrived <Time at={props.event.arrivedAt} style="second" /> from{" "}
      <span class="mono">{props.event.source}</span>
    </p>
  );
}
