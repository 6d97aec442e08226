import { For, type JSX, Show } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import type { OpenRow } from "../../data/open-row.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { formatDuration } from "../../format/duration.ts";
import { formatRelative, formatTime } from "../../format/time.ts";
import { VerdictShape } from "../../parts/verdict-mark.tsx";
import { faceOf } from "../../parts/verdict.ts";
import { toLegKey } from "../legs/leg-key.ts";
import type { Bar, ClosedTime } from "./timeline-model.ts";
import type { Scale } from "./timeline-scale.ts";

interface TimelineBarProps {
  bar: Bar;
  scale: Scale;
  /** Where the timeline ends. */
  lastMs: number;
  title: string;
  /** When its calendar was closed. */
  closed: readonly ClosedTime[];
  open: OpenRow;
}

/** One leg over time: grey what was in time, red what was late, a flag at the deadline. */
export function TimelineBar(props: TimelineBarProps): JSX.Element {
  const { zone } = usePreferences();
  const key = () => `leg~${toLegKey(props.bar.leg)}`;
  const inTimeEnd = () => props.bar.lateFromMs ?? props.bar.endMs;
  const describeState = (): string => {
    const due = props.bar.dueMs === undefined ? "" : `, due ${formatTime(props.bar.dueMs, zone(), "second")}`;
    const end = props.bar.isRunning ? "not ended" : `ended ${formatTime(props.bar.endMs, zone(), "second")}`;
    return `${faceOf(props.bar.leg.verdict).word}, began ${formatTime(props.bar.startMs, zone(), "second")}${due}, ${end}`;
  };
  const describe = (): string => `${props.title}: ${describeState()}`;
  return (
    <a
      class="timeline-row timeline-leg"
      href={props.open.hrefOf(key())}
      aria-current={props.open.key() === key() ? "true" : undefined}
      title={describe()}
    >
      <span class="timeline-name">
        <VerdictShape verdict={props.bar.leg.verdict} />
        <span class="timeline-title">{props.title}</span>
        <BarLength bar={props.bar} />
        <span class="sr-only">{describeState()}</span>
      </span>
      <span class="timeline-plot">
        <For each={props.closed}>
          {({ fromMs, toMs }) => (
            <span
              class="bar-closed"
              style={{ left: `${props.scale(fromMs)}%`, width: `${props.scale(toMs) - props.scale(fromMs)}%` }}
            />
          )}
        </For>
        <BarPart
          class="bar-kept"
          scale={props.scale}
          fromMs={props.bar.startMs}
          toMs={inTimeEnd()}
          isRunning={props.bar.isRunning && props.bar.lateFromMs === undefined}
        />
        <Show when={props.bar.lateFromMs}>
          {(from) => (
            <BarPart
              class={props.bar.leg.verdict === "OVERDUE_PROVISIONAL" ? "bar-overdue" : "bar-late"}
              scale={props.scale}
              fromMs={from()}
              toMs={props.bar.endMs}
              isRunning={props.bar.isRunning}
            />
          )}
        </Show>
        <Deadline bar={props.bar} scale={props.scale} lastMs={props.lastMs} />
      </span>
    </a>
  );
}

/** The flag at a deadline, or at the edge how far away it is, where a running leg has it beyond. */
function Deadline(props: { bar: Bar; scale: Scale; lastMs: number }): JSX.Element {
  const now = useNow();
  const isBeyond = () => (props.bar.dueMs ?? 0) > props.lastMs;
  return (
    <Show when={props.bar.dueMs}>
      {(due) => (
        <Show
          when={isBeyond()}
          fallback={
            <span
              class="bar-flag"
              classList={{ passed: props.bar.lateFromMs !== undefined }}
              style={{ left: `${props.scale(due())}%` }}
            />
          }
        >
          <Show when={props.bar.isRunning}>
            <span class="bar-beyond">due {formatRelative(due(), now())}</span>
          </Show>
        </Show>
      )}
    </Show>
  );
}

function BarLength(props: { bar: Bar }): JSX.Element {
  return (
    <span class="timeline-length" classList={{ late: props.bar.lateFromMs !== undefined }}>
      {formatDuration(props.bar.endMs - props.bar.startMs)}
    </span>
  );
}

function BarPart(props: {
  class: string;
  scale: Scale;
  fromMs: number;
  toMs: number;
  isRunning: boolean;
}): JSX.Element {
  return (
    <span
      class={`bar ${props.class}`}
      classList={{ running: props.isRunning }}
      style={{
        left: `${props.scale(props.fromMs)}%`,
        width: `${Math.max(0, props.scale(props.toMs) - props.scale(props.fromMs))}%`,
      }}
    />
  );
}
