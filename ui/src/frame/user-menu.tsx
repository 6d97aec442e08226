import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import Check from "lucide-solid/icons/check";
import CircleUser from "lucide-solid/icons/circle-user-round";
import { For, type JSX } from "solid-js";
import { type Density, type Theme, usePreferences } from "../data/preferences.tsx";
import { useSession } from "../data/session.tsx";

const THEMES: { value: Theme; title: string }[] = [
  { value: "system", title: "As the system" },
  { value: "light", title: "Light" },
  { value: "dark", title: "Dark" },
];
const DENSITIES: { value: Density; title: string }[] = [
  { value: "default", title: "Default rows" },
  { value: "dense", title: "Dense rows" },
];

/** Who is signed in, how the page looks, and the way out. */
export function UserMenu(props: { onKeys: () => void }): JSX.Element {
  const session = useSession();
  const preferences = usePreferences();
  const name = (): string => {
    const state = session.state();
    return state.kind === "signed-in" ? state.me.name : "";
  };
  const roles = (): string => {
    const state = session.state();
    if (state.kind !== "signed-in") return "";
    return state.me.roles.includes("admin") ? "Administrator" : state.me.roles.join(", ");
  };
  return (
    <DropdownMenu gutter={6} placement="bottom-end" preventScroll={false}>
      <DropdownMenu.Trigger class="top-button" aria-label={`${name()}: appearance, keys and sign-out`}>
        <CircleUser size={17} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <div class="menu-title">
            {name()} · {roles()}
          </div>
          <DropdownMenu.Separator class="menu-line" />
          <DropdownMenu.RadioGroup
            value={preferences.theme()}
            onChange={(value) => preferences.setTheme(THEMES.find((theme) => theme.value === value)?.value ?? "system")}
          >
            <For each={THEMES}>{(theme) => <RadioItem value={theme.value} title={theme.title} />}</For>
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator class="menu-line" />
          <DropdownMenu.RadioGroup
            value={preferences.density()}
            onChange={(value) => preferences.setDensity(value === "dense" ? "dense" : "default")}
          >
            <For each={DENSITIES}>{(density) => <RadioItem value={density.value} title={density.title} />}</For>
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator class="menu-line" />
          <DropdownMenu.Item class="menu-item" onSelect={() => props.onKeys()}>
            <span class="menu-check" />
            Keys of this page
          </DropdownMenu.Item>
          <DropdownMenu.Item class="menu-item" onSelect={() => void session.signOut()}>
            <span class="menu-check" />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}

function RadioItem(props: { value: string; title: string }): JSX.Element {
  return (
    <DropdownMenu.RadioItem class="menu-item" value={props.value} closeOnSelect={false}>
      <span class="menu-check">
        <DropdownMenu.ItemIndicator>
          <Check size={14} aria-hidden="true" />
        </DropdownMenu.ItemIndicator>
      </span>
      {props.title}
    </DropdownMenu.RadioItem>
  );
}
