import { useNavigate } from "@solidjs/router";
import type { JourneySearch } from "@throughline/api/contract";
import SearchIcon from "lucide-solid/icons/search";
import { For, type JSX, Show, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import { toPageHref } from "../data/links.ts";
import { createRead } from "../data/read.ts";
import { useScope } from "../data/scope.tsx";
import { formatNoun } from "../format/number.ts";
import { Dialog } from "../parts/dialog.tsx";
import { createKey } from "./keyboard.tsx";
import { PAGES } from "./pages.ts";
import "./search.css";

const WAIT_MS = 160;
const MOST_SHOWN = 8;

interface Hit {
  href: string;
  kind: string;
  title: string;
  note: string;
}

/** The one search box: any business key, a part of one, a lot, a trace id, or a page. */
export function Search(): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  createKey("/", "Search", () => setOpen(true));
  createKey("mod+k", "Search", () => setOpen(true));
  return (
    <>
      <button type="button" class="search-box" onClick={() => setOpen(true)}>
        <SearchIcon size={15} aria-hidden="true" />
        <span class="search-words">Search an order, lot, invoice or trace</span>
        <kbd class="search-key" aria-hidden="true">
          /
        </kbd>
      </button>
      <Dialog title="Search" isOpen={isOpen()} onClose={() => setOpen(false)} size="top">
        <SearchPanel onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function SearchPanel(props: { onDone: () => void }): JSX.Element {
  const navigate = useNavigate();
  const scope = useScope();
  const [text, setText] = createSignal("");
  const [active, setActive] = createSignal(0);
  const settled = createSettled(text);
  const found = createRead(
    "/journeys",
    () => ({ query: { key: settled(), limit: 20 } }),
    () => ({ isKept: true, isEnabled: settled() !== "" }),
  );
  const answer = () => (settled() !== "" && found.isSuccess ? found.data : undefined);
  const hits = createMemo(() => [...listPages(text(), scope.linkTo), ...listHits(answer())]);
  const allHref = () => `/journeys?key=${encodeURIComponent(text().trim())}`;
  const open = (href: string): void => {
    props.onDone();
    navigate(href);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive(Math.min(hits().length - 1, Math.max(0, active() + step)));
    }
    if (event.key !== "Enter" || text().trim() === "") return;
    event.preventDefault();
    open(settled() === text().trim() && !found.isFetching ? (hits()[active()]?.href ?? allHref()) : allHref());
  };
  return (
    <div class="search-panel">
      <div class="search-line">
        <SearchIcon size={17} aria-hidden="true" />
        <SearchInput
          text={text()}
          active={hits().length > 0 ? active() : undefined}
          onKeyDown={onKeyDown}
          onText={(next) => {
            setText(next);
            setActive(0);
          }}
        />
      </div>
      <SearchHits hits={hits()} active={active()} onActive={setActive} onOpen={open} />
      <p class="search-state" role="status">
        <SearchState
          text={text().trim()}
          hits={hits().length}
          isBusy={found.isFetching || settled() !== text().trim()}
          isFailed={found.isError}
        />
      </p>
    </div>
  );
}

interface SearchInputProps {
  text: string;
  active: number | undefined;
  onText: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function SearchInput(props: SearchInputProps): JSX.Element {
  return (
    <input
      class="search-input"
      type="text"
      autofocus
      role="combobox"
      aria-label="Search an order, lot, invoice or trace"
      aria-expanded={props.active !== undefined}
      aria-controls="search-hits"
      aria-activedescendant={props.active === undefined ? undefined : `search-hit-${props.active}`}
      placeholder="Order, lot, invoice, receipt, trace id, or a part of one"
      autocomplete="off"
      spellcheck={false}
      value={props.text}
      onInput={(event) => props.onText(event.currentTarget.value)}
      onKeyDown={(event) => props.onKeyDown(event)}
    />
  );
}

interface SearchHitsProps {
  hits: readonly Hit[];
  active: number;
  onActive: (index: number) => void;
  onOpen: (href: string) => void;
}

function SearchHits(props: SearchHitsProps): JSX.Element {
  return (
    <ul class="search-hits" id="search-hits" role="listbox" aria-label="What was found">
      <For each={props.hits}>
        {(hit, index) => (
          <li
            id={`search-hit-${index()}`}
            role="option"
            class="search-hit"
            aria-selected={index() === props.active}
            onPointerMove={() => props.onActive(index())}
            onClick={() => props.onOpen(hit.href)}
          >
            <span class="search-kind">{hit.kind}</span>
            <span class="search-title mono">{hit.title}</span>
            <span class="search-note">{hit.note}</span>
          </li>
        )}
      </For>
    </ul>
  );
}

function SearchState(props: { text: string; hits: number; isBusy: boolean; isFailed: boolean }): JSX.Element {
  return (
    <Show when={props.text !== ""} fallback="Type at least a part of a key. Enter opens, Esc closes.">
      <Show when={!props.isBusy} fallback="Searching">
        <Show when={!props.isFailed} fallback="The search could not be made. Enter tries it on its own page.">
          <Show when={props.hits > 0} fallback="No object and no trace has this in its key.">
            {formatNoun(props.hits, "result")}. Enter opens the one marked.
          </Show>
        </Show>
      </Show>
    </Show>
  );
}

/** The text once nobody has typed for a moment. */
function createSettled(text: () => string): () => string {
  const [settled, setSettled] = createSignal("");
  createEffect(() => {
    const next = text().trim();
    const timer = setTimeout(() => setSettled(next), WAIT_MS);
    onCleanup(() => clearTimeout(timer));
  });
  return settled;
}

function listPages(text: string, linkTo: (path: string) => string): Hit[] {
  const start = text.trim().toLowerCase();
  if (start.length < 2) return [];
  return PAGES.filter(({ title }) => title.toLowerCase().startsWith(start)).map((page) => ({
    href: linkTo(page.path),
    kind: "Page",
    title: page.title,
    note: `g ${page.key}`,
  }));
}

function listHits(answer: JourneySearch | undefined): Hit[] {
  if (answer === undefined) return [];
  const objects = answer.groups.flatMap((group) =>
    group.objects.slice(0, MOST_SHOWN).map((object) => ({
      href: toPageHref(object.href),
      kind: group.title,
      title: object.id,
      note: formatNoun(object.events, "event"),
    })),
  );
  const traces = answer.traces.map((trace) => ({
    href: toPageHref(trace.href),
    kind: "Trace",
    title: trace.traceId,
    note: formatNoun(trace.spans, "span"),
  }));
  return [...objects, ...traces].slice(0, 4 * MOST_SHOWN);
}
