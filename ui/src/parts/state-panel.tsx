import CircleAlert from "lucide-solid/icons/circle-alert";
import Inbox from "lucide-solid/icons/inbox";
import { type JSX, Show } from "solid-js";
import { ApiError } from "../data/client.ts";
import { Button } from "./button.tsx";
import { Time } from "./time.tsx";
import "./state-panel.css";

interface EmptyPanelProps {
  /** What would be here. */
  title: string;
  /** How to get it, or why there is none. */
  children: JSX.Element;
}

/** Stands where there is nothing to show: says what would be here and how to get it. */
export function EmptyPanel(props: EmptyPanelProps): JSX.Element {
  return (
    <div class="state-panel">
      <Inbox size={20} aria-hidden="true" />
      <p class="state-title">{props.title}</p>
      <div class="state-text">{props.children}</div>
    </div>
  );
}

interface ErrorPanelProps {
  /** What could not be shown, such as `The breaches`. */
  what: string;
  error: Error | null;
  onRetry: () => void;
}

/** Says what failed, since when, whether data is safe and what to do. */
export function ErrorPanel(props: ErrorPanelProps): JSX.Element {
  const failure = () => (props.error instanceof ApiError ? props.error : undefined);
  return (
    <div class="state-panel" role="alert" data-tone="red">
      <CircleAlert size={20} aria-hidden="true" />
      <p class="state-title">{props.what} could not be read.</p>
      <div class="state-text">
        <p>
          {props.error?.message}{" "}
          <Show when={failure()}>
            {(known) => (
              <>
                It failed at <Time at={known().atMs} style="clock" />.
              </>
            )}
          </Show>
        </p>
        <p>{adviceFor(failure())}</p>
        <Show when={failure()?.problem?.requestId}>{(id) => <p class="mono">Request {id()}</p>}</Show>
      </div>
      <Button onClick={() => props.onRetry()}>Try again</Button>
    </div>
  );
}

/** Lies over figures that are no longer new, and says how old they are. */
export function StaleNote(props: { readAtMs: number; error: Error | null; onRetry: () => void }): JSX.Element {
  return (
    <div class="stale-note" role="status">
      <CircleAlert size={14} aria-hidden="true" />
      <span>
        Shown as of <Time at={props.readAtMs} />. {props.error?.message} Recording goes on; nothing is lost.
      </span>
      <button type="button" class="link-button" onClick={() => props.onRetry()}>
        Try again
      </button>
    </div>
  );
}

function adviceFor(failure: ApiError | undefined): string {
  const status = failure?.status ?? 0;
  if (status === 0)
    return "Collected events are safe: the gateway keeps them until it can hand them on. Check that the tower is running and that this browser can reach it.";
  if (status === 403)
    return "Your key may not see this. Ask an administrator for a key with the role or the scope that it needs.";
  if (status === 404) return "It may have been removed, or the link may be incomplete.";
  if (failure?.problem?.errors?.some(({ path }) => path === "/query/asOf"))
    return "Choose a later moment beside the time range, or go back to now.";
  if (status < 500) return "The request is not right: change or clear the filters and try again.";
  return "Collected events are safe: reading failed, recording goes on. If it lasts, look at the tower's log with the request named below.";
}
