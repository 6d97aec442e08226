import { useNavigate } from "@solidjs/router";
import X from "lucide-solid/icons/x";
import { type JSX, Show, createEffect } from "solid-js";
import { createKey } from "../frame/keyboard.tsx";
import "./drawer.css";

interface DrawerProps {
  label: string;
  title: JSX.Element;
  /** Where closing leads: the list without the drawer. */
  closeHref: string;
  /** What to do next, at the foot. */
  actions?: JSX.Element;
  /** Names what is shown: when it changes the drawer starts from its top again. */
  shows: string;
  /** Lies over the page at its right edge, where there is no list that it could stand beside. */
  isFloating?: boolean;
  children: JSX.Element;
}

/** The detail of a row beside its list. The list stays in reach; Esc closes. */
export function Drawer(props: DrawerProps): JSX.Element {
  const navigate = useNavigate();
  let body: HTMLDivElement | undefined;
  const close = (): void => navigate(props.closeHref, { scroll: false });
  createKey("Escape", "Close the detail", close);
  createEffect(() => {
    if (props.shows !== "") body?.scrollTo(0, 0);
  });
  return (
    <aside class="drawer" classList={{ floating: props.isFloating === true }} aria-label={props.label}>
      <header class="drawer-head">
        <h2 class="drawer-title">{props.title}</h2>
        <button type="button" class="icon-button" aria-label="Close the detail" onClick={close}>
          <X size={16} aria-hidden="true" />
        </button>
      </header>
      <div
        class="drawer-body"
        ref={(element) => (body = element)}
        tabIndex={0}
        role="region"
        aria-label={`${props.label}, content`}
      >
        {props.children}
      </div>
      <Show when={props.actions}>
        <footer class="drawer-foot">{props.actions}</footer>
      </Show>
    </aside>
  );
}
