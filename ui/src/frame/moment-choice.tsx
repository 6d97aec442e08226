import { type JSX, Show, createMemo, createSignal } from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import { useScope } from "../data/scope.tsx";
import { formatWallClock, parseWallClock } from "../format/wall-clock.ts";
import { Button } from "../parts/button.tsx";

/** Chooses the moment whose knowledge the pages show; none: now. */
export function MomentChoice(props: { onDone: () => void }): JSX.Element {
  const scope = useScope();
  const { zone } = usePreferences();
  const [text, setText] = createSignal(formatWallClock(scope.asOf(), zone()));
  const moment = createMemo(() => parseWallClock(text(), zone()));
  const isAhead = () => (moment() ?? 0) > Date.now();
  const choose = (atMs: number | undefined): void => {
    scope.setAsOf(atMs);
    props.onDone();
  };
  return (
    <form
      class="range-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (moment() !== undefined && !isAhead()) choose(moment());
      }}
    >
      <label>
        As known at
        <input
          class="field"
          type="datetime-local"
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <Show when={isAhead()}>
        <p class="range-fault" role="alert">
          Nothing is known yet of a moment to come.
        </p>
      </Show>
      <div class="range-moment">
        <Button type="submit" disabled={moment() === undefined || isAhead()}>
          Go back to then
        </Button>
        <Show when={scope.asOf()}>
          <Button look="bare" onClick={() => choose(undefined)}>
            Back to now
          </Button>
        </Show>
      </div>
    </form>
  );
}
