import { useLocation } from "@solidjs/router";
import { ErrorBoundary, type JSX, createEffect, on } from "solid-js";
import { Button } from "../../parts/button.tsx";
import "../../parts/state-panel.css";

/** Stands in for a page that broke, with the rest of the frame still in use; leaving the page mends it. */
export function PageFailure(props: { children: JSX.Element }): JSX.Element {
  return (
    <ErrorBoundary fallback={(error: unknown, reset) => <BrokenPage error={error} onReset={reset} />}>
      {props.children}
    </ErrorBoundary>
  );
}

function BrokenPage(props: { error: unknown; onReset: () => void }): JSX.Element {
  const location = useLocation();
  createEffect(
    on(
      () => location.pathname,
      () => props.onReset(),
      { defer: true },
    ),
  );
  return (
    <div class="state-panel" role="alert" data-tone="red">
      <p class="state-title">This page could not be drawn.</p>
      <div class="state-text">
        <p>The fault is in the page, not in the data: what was collected is safe and the other pages work.</p>
        <p class="mono">{props.error instanceof Error ? props.error.message : String(props.error)}</p>
      </div>
      <Button onClick={() => props.onReset()}>Draw it again</Button>
    </div>
  );
}
