import { useSearchParams } from "@solidjs/router";
import type { Confirmation, ReconciliationItem, Suggestion } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createSignal } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { createRights } from "../../data/rights.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { Button } from "../../parts/button.tsx";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { createReconciliation } from "../reconciliations/open-items-query.ts";
import { sayUnit, sayValue } from "../reconciliations/reconciliation-text.ts";
import { createConfirmationActions } from "./confirmation-actions.ts";
import { Confirmations } from "./confirmations.tsx";
import { type Asked, ReasonDialog } from "./reason-dialog.tsx";
import { type ConfirmationVerb, sayKind, toSuggestionKey } from "./suggestion-text.ts";
import "./suggestions-page.css";

const SHORTEST_REASON = 3;

/** Items without a common key that could belong together, and what people said of such. */
export function SuggestionsPage(): JSX.Element {
  const scope = useScope();
  const { id, item } = createReconciliation();
  const actions = createConfirmationActions(id);
  const [asked, setAsked] = createSignal<Asked>();
  const base = () => `/reconciliations/${encodeURIComponent(id())}`;
  return (
    <Page
      title="Suggestions"
      note={item()?.title ?? id()}
      actions={
        <>
          <a class="button" href={scope.linkTo(`${base()}/items`)}>
            Open items
          </a>
          <a class="button" href={scope.linkTo(`${base()}/statement`)}>
            Statement
          </a>
        </>
      }
    >
      <p class="suggestion-lead">
        These items have no key in common, but their values would offset each other. Nothing is put together by itself,
        and no figure changes by what is said here: it is recorded who says so, and why.
      </p>
      <Suggested id={id()} item={item()} onAsk={(suggestion) => setAsked(toRequest(suggestion, actions))} />
      <Confirmations
        id={id()}
        item={item()}
        onAsk={(confirmation, verb) => setAsked(toChange(confirmation, verb, actions))}
      />
      <ReasonDialog asked={asked()} actions={actions} onClose={() => setAsked(undefined)} />
    </Page>
  );
}

type Actions = ReturnType<typeof createConfirmationActions>;

function toRequest(suggestion: Suggestion, actions: Actions): Asked {
  return {
    title: "Do these belong together?",
    meaning: suggestion.needsSecondPerson
      ? "It is above what one person may say alone: another person has to approve it."
      : "It is recorded with your name and reason. The items stay open until their events agree.",
    button: suggestion.needsSecondPerson ? "Ask a second person" : "They belong together",
    shortest: SHORTEST_REASON,
    send: (reason) => actions.request(suggestion, reason),
  };
}

const WORDS: Record<ConfirmationVerb, Omit<Asked, "send">> = {
  approve: {
    title: "Approve it?",
    meaning: "You say as a second person that these items belong together.",
    button: "Approve",
    shortest: 0,
  },
  reject: {
    title: "Reject it?",
    meaning: "You say as a second person that these items do not belong together.",
    button: "Reject",
    shortest: SHORTEST_REASON,
  },
  withdraw: {
    title: "Take it back?",
    meaning: "It stays in the record that it was said, and that it was taken back.",
    button: "Take back",
    shortest: SHORTEST_REASON,
  },
};

function toChange(confirmation: Confirmation, verb: ConfirmationVerb, actions: Actions): Asked {
  return { ...WORDS[verb], send: (note) => actions.change(confirmation, verb, note) };
}

interface SuggestedProps {
  id: string;
  item: ReconciliationItem | undefined;
  onAsk: (suggestion: Suggestion) => void;
}

function Suggested(props: SuggestedProps): JSX.Element {
  const [search] = useSearchParams();
  const query = () => {
    const [on, company, units] = [one(search.on), one(search.company), all(search.unit)];
    return { ...(on && { on }), ...(company && { company }), ...(units.length > 0 && { unit: units }) };
  };
  const read = createRead("/reconciliations/{id}/suggestions", () => ({ path: { id: props.id }, query: query() }));
  const items = (): readonly Suggestion[] => (read.isSuccess ? read.data.items : []);
  const retry = (): void => void read.refetch();
  return (
    <Section
      title="What could belong together"
      note={
        <Show when={read.isSuccess && read.data}>
          {(list) => (
            <>
              {formatNoun(list().items.length, "suggestion")}
              {list().isWhole ? "" : "; only the oldest open items were looked at"}
            </>
          )}
        </Show>
      }
    >
      <Show when={read.isRefetchError}>
        <StaleNote readAtMs={read.dataUpdatedAt} error={read.error} onRetry={retry} />
      </Show>
      <Switch fallback={<SkeletonBlock height={160} />}>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The suggestions" error={read.error} onRetry={retry} />
        </Match>
        <Match when={read.isSuccess && items().length === 0}>
          <EmptyPanel title="Nothing is suggested.">
            <p>No open items without a common key would offset each other, one against one or two against one.</p>
          </EmptyPanel>
        </Match>
        <Match when={read.isSuccess}>
          <ul class="suggestions">
            <For each={items()}>
              {(suggestion) => <SuggestionRow suggestion={suggestion} item={props.item} onAsk={props.onAsk} />}
            </For>
          </ul>
        </Match>
      </Switch>
    </Section>
  );
}

function SuggestionRow(props: Omit<SuggestedProps, "id"> & { suggestion: Suggestion }): JSX.Element {
  const { may } = createRights();
  const scope = useScope();
  const mayAsk = () => may("operator") && scope.asOf() === undefined;
  const suggestion = () => props.suggestion;
  return (
    <li class="suggestion" data-key={toSuggestionKey(suggestion())}>
      <div class="suggestion-head">
        <span>
          {sayKind(suggestion())}, {sayValue(suggestion().gross, suggestion().unit, props.item?.measure)}{" "}
          {sayUnit(suggestion().unit)} gross
          <Show when={suggestion().needsSecondPerson}>
            <span class="quiet"> · wants a second person</span>
          </Show>
        </span>
        <Button
          onClick={() => props.onAsk(suggestion())}
          disabled={!mayAsk()}
          title={mayAsk() ? "" : "Operators may say so, and never in the past"}
        >
          They belong together
        </Button>
      </div>
      <ul class="suggestion-items">
        <For each={suggestion().items}>
          {(part) => (
            <li>
              <span class="quiet">{props.item?.[part.side] ?? `Side ${part.side}`}</span>
              <a class="mono" href={toPageHref(part.href)}>
                {part.key.join(" / ")}
              </a>
              <span class="suggestion-value">
                {sayValue(part.value, suggestion().unit, props.item?.measure)} {sayUnit(suggestion().unit)}
              </span>
              <Time at={part.since} style="minute" />
            </li>
          )}
        </For>
      </ul>
    </li>
  );
}
