import { useLocation } from "@solidjs/router";
import PanelLeftClose from "lucide-solid/icons/panel-left-close";
import PanelLeftOpen from "lucide-solid/icons/panel-left-open";
import { For, type JSX, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { usePreferences } from "../data/preferences.tsx";
import { useScope } from "../data/scope.tsx";
import { PAGES, isWithin } from "./pages.ts";
import "./rail.css";

/** The pages at the left; on narrow screens over the page, when called. */
export function Rail(props: { isCalled: boolean; onLeave: () => void }): JSX.Element {
  const { isRailCollapsed, setRailCollapsed } = usePreferences();
  const location = useLocation();
  const scope = useScope();
  return (
    <>
      <Show when={props.isCalled}>
        <div class="rail-veil" onClick={() => props.onLeave()} />
      </Show>
      <nav class="rail" classList={{ collapsed: isRailCollapsed(), called: props.isCalled }} aria-label="Pages">
        <a class="brand" href={scope.linkTo("/")} aria-label="Throughline, to the overview">
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <path d="M2 12h4.5l3.4-6.5 4 13 3-6.5H22" />
          </svg>
          <span class="rail-word">Throughline</span>
        </a>
        <ul class="rail-pages">
          <For each={PAGES}>
            {(page) => (
              <li>
                <a
                  class="rail-link"
                  href={scope.linkTo(page.path)}
                  aria-current={isWithin(page, location.pathname) ? "page" : undefined}
                  title={`${page.title} (g ${page.key})`}
                  onClick={() => props.onLeave()}
                >
                  <Dynamic component={page.icon} size={18} strokeWidth={1.75} aria-hidden="true" />
                  <span class="rail-word">{page.title}</span>
                </a>
              </li>
            )}
          </For>
        </ul>
        <button
          type="button"
          class="rail-link rail-toggle"
          aria-expanded={!isRailCollapsed()}
          onClick={() => setRailCollapsed(!isRailCollapsed())}
        >
          <Show when={isRailCollapsed()} fallback={<PanelLeftClose size={18} strokeWidth={1.75} aria-hidden="true" />}>
            <PanelLeftOpen size={18} strokeWidth={1.75} aria-hidden="true" />
          </Show>
          <span class="rail-word">{isRailCollapsed() ? "Show names" : "Collapse"}</span>
        </button>
      </nav>
    </>
  );
}
