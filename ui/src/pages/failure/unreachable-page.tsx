import { type JSX, onCleanup } from "solid-js";
import type { ApiError } from "../../data/client.ts";
import { ErrorPanel } from "../../parts/state-panel.tsx";

const RETRY_MS = 5000;

/** Stands in for everything while the tower does not answer; tries again by itself. */
export function UnreachablePage(props: { error: ApiError; onRetry: () => void }): JSX.Element {
  const timer = setInterval(() => props.onRetry(), RETRY_MS);
  onCleanup(() => clearInterval(timer));
  return (
    <main>
      <h1 class="sr-only">Throughline</h1>
      <ErrorPanel what="The control tower" error={props.error} onRetry={props.onRetry} />
    </main>
  );
}
