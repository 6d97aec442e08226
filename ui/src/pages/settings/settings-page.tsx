import type { Me } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { type Density, type Theme, usePreferences } from "../../data/preferences.tsx";
import { useSession } from "../../data/session.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { Time } from "../../parts/time.tsx";
import { KeyList } from "./key-list.tsx";
import "../../parts/field.css";
import "./settings-page.css";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
const DENSITIES: readonly Density[] = ["default", "dense"];

/** Who is signed in, how pages look in this browser, and the keys of the tower. */
export function SettingsPage(): JSX.Element {
  const session = useSession();
  const me = () => {
    const state = session.state();
    return state.kind === "signed-in" ? state.me : undefined;
  };
  return (
    <Page title="Settings">
      <div class="settings">
        <Show when={me()}>{(known) => <AboutMe me={known()} />}</Show>
        <Appearance />
        <Show when={me()?.roles.includes("admin") === true}>
          <KeyList />
        </Show>
      </div>
    </Page>
  );
}

function AboutMe(props: { me: Me }): JSX.Element {
  const places = (names: "*" | string[]): string => (names === "*" ? "All" : names.join(", ") || "None");
  return (
    <Section title="You">
      <Facts
        facts={[
          { name: "Name", value: props.me.name },
          { name: "Roles", value: props.me.roles.join(", ") },
          { name: "Sites", value: places(props.me.scope.sites) },
          { name: "Domains", value: places(props.me.scope.domains) },
          props.me.expiresAt === null
            ? undefined
            : { name: "Signed in until", value: <Time at={props.me.expiresAt} style="minute" /> },
        ]}
      />
    </Section>
  );
}

function Appearance(): JSX.Element {
  const preferences = usePreferences();
  return (
    <Section title="Appearance" note="kept in this browser">
      <div class="settings-fields">
        <label>
          Theme
          <select
            class="field"
            value={preferences.theme()}
            onChange={(event) =>
              preferences.setTheme(THEMES.find((theme) => theme === event.currentTarget.value) ?? "system")
            }
          >
            <For each={THEMES}>
              {(theme) => (
                <option value={theme}>
                  {theme === "system" ? "As the system" : theme === "light" ? "Light" : "Dark"}
                </option>
              )}
            </For>
          </select>
        </label>
        <label>
          Rows
          <select
            class="field"
            value={preferences.density()}
            onChange={(event) =>
              preferences.setDensity(DENSITIES.find((density) => density === event.currentTarget.value) ?? "default")
            }
          >
            <For each={DENSITIES}>
              {(density) => <option value={density}>{density === "dense" ? "Dense" : "Default"}</option>}
            </For>
          </select>
        </label>
      </div>
    </Section>
  );
}
