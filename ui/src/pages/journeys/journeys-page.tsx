import { useSearchParams } from "@solidjs/router";
import type { JourneySearch } from "@throughline/api/contract";
import SearchIcon from "lucide-solid/icons/search";
import { For, type JSX, Match, Show, Switch, createEffect, createSignal, on } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { one } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { Button } from "../../parts/button.tsx";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonRows } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import "../../parts/field.css";
import "./journeys-page.css";

const MOST_FOUND = 100;

/** Finds what a key leads to: an object by its number or a part of it, a lot, or a trace. */
export function JourneysPage(): JSX.Element {
  const [search] = useSearchParams();
  const key = () => one(search.key) ?? "";
  const read = createRead(
    "/journeys",
    () => ({ query: { key: key(), limit: MOST_FOUND } }),
    () => ({ isEnabled: key() !== "" }),
  );
  return (
    <Page title="Journeys">
      <SearchForm />
      <Switch>
        <Match when={key() === ""}>
          <EmptyPanel title="Find what happened to one order, lot, receipt or invoice.">
            <p>
              Type any key as a system knows it, or a part of one: an order line such as <code>4500012345/10</code>, a
              lot, an invoice number, or a trace id. Keys are kept exactly as they were sent.
            </p>
          </EmptyPanel>
        </Match>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The search" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isPending}>
          <SkeletonRows count={8} />
        </Match>
        <Match when={read.isSuccess && read.data}>{(found) => <Found found={found()} />}</Match>
      </Switch>
    </Page>
  );
}

function SearchForm(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const [text, setText] = createSignal(one(search.key) ?? "");
  createEffect(on(() => one(search.key) ?? "", setText, { defer: true }));
  return (
    <form
      class="journey-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setSearch({ key: text().trim() });
      }}
    >
      <label class="filter-text">
        <SearchIcon size={15} aria-hidden="true" />
        <span class="sr-only">Key, part of a key, lot or trace id</span>
        <input
          class="field mono"
          type="search"
          autofocus
          spellcheck={false}
          placeholder="Key, part of a key, lot or trace id"
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <Button type="submit" look="solid">
        Search
      </Button>
    </form>
  );
}

function Found(props: { found: JourneySearch }): JSX.Element {
  const isEmpty = () => props.found.groups.length === 0 && props.found.traces.length === 0;
  return (
    <Show
      when={!isEmpty()}
      fallback={
        <EmptyPanel title={`Nothing has “${props.found.key}” in its key.`}>
          <p>
            Check for leading zeros and separators: keys are kept exactly as they were sent. What lies outside of your
            sites and domains is not found.
          </p>
        </EmptyPanel>
      }
    >
      <Show when={props.found.isTruncated || props.found.isPartial}>
        <p class="quiet found-note">
          {props.found.isPartial ? "The search was ended before it was through: type more of the key. " : ""}
          {props.found.isTruncated ? "There are more than are listed: type more of the key." : ""}
        </p>
      </Show>
      <div class="found">
        <For each={props.found.groups}>{(group) => <FoundObjects group={group} />}</For>
        <Show when={props.found.traces.length > 0}>
          <FoundTraces traces={props.found.traces} />
        </Show>
      </div>
    </Show>
  );
}

const MATCHES = { exact: "exact", prefix: "begins with it", contains: "contains it" };

function FoundObjects(props: { group: JourneySearch["groups"][number] }): JSX.Element {
  return (
    <Section title={props.group.title} note={formatNoun(props.group.count, "object")}>
      <For each={props.group.objects}>
        {(object) => (
          <a class="found-line" href={toPageHref(object.href)}>
            <span class="mono found-key">{object.id}</span>
            <span class="quiet">{MATCHES[object.match]}</span>
            <span class="number">{formatNoun(object.events, "event")}</span>
            <span class="number quiet">
              <Time at={object.lastAt} />
            </span>
          </a>
        )}
      </For>
    </Section>
  );
}

function FoundTraces(props: { traces: JourneySearch["traces"] }): JSX.Element {
  return (
    <Section title="Traces" note={formatNoun(props.traces.length, "trace")}>
      <For each={props.traces}>
        {(trace) => (
          <a class="found-line" href={toPageHref(trace.href)}>
            <span class="mono found-key">{trace.traceId}</span>
            <span class="quiet">{formatNoun(trace.events, "event")}</span>
            <span class="number">{formatNoun(trace.spans, "span")}</span>
            <span class="number quiet">{trace.startedAt !== null && <Time at={trace.startedAt} />}</span>
          </a>
        )}
      </For>
    </Section>
  );
}
