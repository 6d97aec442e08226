import { useLocation } from "@solidjs/router";
import type { JSX } from "solid-js";
import { useScope } from "../../data/scope.tsx";
import { Page } from "../../parts/page.tsx";
import "../../parts/state-panel.css";

/** For a path that leads to no page. */
export function NotFoundPage(): JSX.Element {
  const location = useLocation();
  const scope = useScope();
  return (
    <Page title="Not found">
      <div class="state-panel">
        <p class="state-title">There is no page at this address.</p>
        <div class="state-text">
          <p class="mono">{location.pathname}</p>
          <p>
            The link may be incomplete. Press <kbd>/</kbd> to search for an order, a lot or an invoice, or go to the{" "}
            <a href={scope.linkTo("/")}>overview</a>.
          </p>
        </div>
      </div>
    </Page>
  );
}
