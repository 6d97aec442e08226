import Building from "lucide-solid/icons/hospital";
import { For, type JSX, Show } from "solid-js";
import { createNames } from "../data/names.ts";
import { toTitle } from "../format/title.ts";
import { createRead } from "../data/read.ts";
import { useScope } from "../data/scope.tsx";
import { Popover } from "../parts/popover.tsx";
import "./scope-menu.css";

const MOST_SOURCES = 1000;

/** Narrows the whole page to some sites and domains. */
export function ScopeMenu(): JSX.Element {
  const scope = useScope();
  const title = (): string => {
    const chosen = [...scope.sites(), ...scope.domains().map(toTitle)];
    const [first, ...rest] = chosen;
    if (first === undefined) return "All sites";
    return rest.length === 0 ? first : `${first} +${rest.length}`;
  };
  return (
    <Popover
      name="Sites and domains"
      class="top-button"
      label={
        <>
          <Building size={15} aria-hidden="true" />
          <span class="scope-title">{title()}</span>
        </>
      }
    >
      {() => <ScopePanel />}
    </Popover>
  );
}

function ScopePanel(): JSX.Element {
  const scope = useScope();
  const names = createNames();
  const sources = createRead(
    "/sources",
    () => ({ query: { limit: MOST_SOURCES } }),
    () => ({ staleMs: 600_000 }),
  );
  const listed = () => (sources.isSuccess ? sources.data.items : []);
  const sites = () => collect([...listed().flatMap((source) => source.sites), ...scope.sites()]);
  const domains = () =>
    collect([
      ...listed().flatMap((source) => source.domains),
      ...names.flows().map(({ domain }) => domain),
      ...scope.domains(),
    ]);
  return (
    <div class="scope-panel">
      <ScopeColumn
        title="Sites"
        values={sites()}
        chosen={scope.sites()}
        onChange={scope.setSites}
        titleOf={(site) => site}
      />
      <ScopeColumn
        title="Domains"
        values={domains()}
        chosen={scope.domains()}
        onChange={scope.setDomains}
        titleOf={toTitle}
      />
    </div>
  );
}

interface ScopeColumnProps {
  title: string;
  values: readonly string[];
  chosen: readonly string[];
  titleOf: (value: string) => string;
  onChange: (chosen: string[]) => void;
}

function ScopeColumn(props: ScopeColumnProps): JSX.Element {
  const toggle = (value: string): void =>
    props.onChange(
      props.chosen.includes(value) ? props.chosen.filter((other) => other !== value) : [...props.chosen, value],
    );
  return (
    <fieldset class="scope-column">
      <legend class="menu-title">{props.title}</legend>
      <For each={props.values} fallback={<p class="menu-title">None seen yet.</p>}>
        {(value) => (
          <label class="menu-item">
            <input type="checkbox" checked={props.chosen.includes(value)} onChange={() => toggle(value)} />
            {props.titleOf(value)}
          </label>
        )}
      </For>
      <Show when={props.chosen.length > 0}>
        <button type="button" class="link-button scope-all" onClick={() => props.onChange([])}>
          All {props.title.toLowerCase()}
        </button>
      </Show>
    </fieldset>
  );
}

function collect(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value !== ""))].toSorted();
}
