import { useSearchParams } from "@solidjs/router";
import SearchIcon from "lucide-solid/icons/search";
import { For, type JSX, Show, createEffect, createSignal, on, onCleanup } from "solid-js";
import { all, one } from "../data/scope.tsx";
import { type Choice, ChoiceMenu } from "./choice-menu.tsx";
import "./field.css";
import "./filter-bar.css";

export interface Filter {
  /** The query parameter of the page and of the API alike. */
  name: string;
  title: string;
  choices: readonly Choice[];
}

interface FilterBarProps {
  filters: readonly Filter[];
  /** What the text field looks for; without it there is none. Its parameter is `q`. */
  textLabel?: string;
  children?: JSX.Element;
}

const WAIT_MS = 250;

/** What a list is narrowed to. All of it stands in the URL and nowhere else. */
export function FilterBar(props: FilterBarProps): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const names = () => [...props.filters.map(({ name }) => name), "q"];
  const isNarrowed = () => names().some((name) => all(search[name]).length > 0);
  return (
    <div class="filter-bar" role="search" aria-label="Filters">
      <Show when={props.textLabel}>{(label) => <TextFilter label={label()} />}</Show>
      <For each={props.filters}>
        {(filter) => (
          <ChoiceMenu
            title={filter.title}
            choices={filter.choices}
            chosen={all(search[filter.name])}
            onChange={(chosen) => setSearch({ [filter.name]: chosen, open: undefined })}
          />
        )}
      </For>
      <Show when={isNarrowed()}>
        <button
          type="button"
          class="link-button"
          onClick={() =>
            setSearch({ ...Object.fromEntries(names().map((name) => [name, undefined])), open: undefined })
          }
        >
          Clear
        </button>
      </Show>
      <span class="filter-rest">{props.children}</span>
    </div>
  );
}

function TextFilter(props: { label: string }): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const [text, setText] = createSignal(one(search.q) ?? "");
  createEffect(
    on(
      () => one(search.q) ?? "",
      (q) => q === text().trim() || setText(q),
      { defer: true },
    ),
  );
  createEffect(
    on(
      text,
      (next) => {
        const timer = setTimeout(() => setSearch({ q: next.trim(), open: undefined }, { replace: true }), WAIT_MS);
        onCleanup(() => clearTimeout(timer));
      },
      { defer: true },
    ),
  );
  return (
    <label class="filter-text">
      <SearchIcon size={14} aria-hidden="true" />
      <span class="sr-only">{props.label}</span>
      <input
        class="field"
        type="search"
        placeholder={props.label}
        spellcheck={false}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </label>
  );
}
