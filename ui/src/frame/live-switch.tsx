import Pause from "lucide-solid/icons/pause";
import Play from "lucide-solid/icons/play";
import { type JSX, Show } from "solid-js";
import { useLive } from "../data/live.tsx";
import { Time } from "../parts/time.tsx";
import "./live-switch.css";

/** Says whether the page moves with what happens, and stops or resumes it. */
export function LiveSwitch(): JSX.Element {
  const live = useLive();
  const isPaused = () => live.state() === "paused";
  return (
    <button
      type="button"
      class="top-button live-switch"
      data-state={live.state()}
      onClick={() => live.setPaused(!isPaused())}
    >
      <Show when={isPaused()} fallback={<span class="live-dot" aria-hidden="true" />}>
        <Pause size={13} aria-hidden="true" />
      </Show>
      <Show when={live.state() === "live"} fallback={<NotLive isPaused={isPaused()} sinceMs={live.sinceMs()} />}>
        Live
      </Show>
      <Show when={isPaused()}>
        <Play size={13} aria-hidden="true" />
      </Show>
      <span class="sr-only">: {isPaused() ? "show changes as they come" : "pause changes"}</span>
    </button>
  );
}

function NotLive(props: { isPaused: boolean; sinceMs: number }): JSX.Element {
  return (
    <span class="nowrap">
      {props.isPaused ? "Paused" : "Reconnecting"}{" "}
      <span class="quiet wide-only">
        <Time at={props.sinceMs} style="clock" />
      </span>
    </span>
  );
}
