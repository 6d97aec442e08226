import type { Confirmation, ReconciliationItem } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createMemo } from "solid-js";
import { createPagedRead } from "../../data/read.ts";
import { createRights } from "../../data/rights.ts";
import { useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { Button } from "../../parts/button.tsx";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { sayUnit, sayValue } from "../reconciliations/reconciliation-text.ts";
import { type ConfirmationVerb, listVerbs, sayPeople, sayState } from "./suggestion-text.ts";
import "./suggestions-page.css";

interface ConfirmationsProps {
  id: string;
  item: ReconciliationItem | undefined;
  onAsk: (confirmation: Confirmation, verb: ConfirmationVerb) => void;
}

const VERB_WORDS: Record<ConfirmationVerb, string> = { approve: "Approve", reject: "Reject", withdraw: "Take back" };

/** What people said belongs together, the last first, and what waits for a second person. */
export function Confirmations(props: ConfirmationsProps): JSX.Element {
  const read = createPagedRead(
    () => "/reconciliations/{id}/confirmations" as const,
    () => ({ path: { id: props.id } }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const base = () => `/api/v1/reconciliations/${encodeURIComponent(props.id)}/confirmations`;
  return (
    <Section
      title="What people said"
      note={read.isSuccess ? formatNoun(rows().length, "confirmation") : undefined}
      actions={<ExportMenu href={(format) => `${base()}?format=${format}`} />}
    >
      <Switch fallback={<SkeletonBlock height={80} />}>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The confirmations" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && rows().length === 0}>
          <p class="quiet">Nobody has put items together by hand yet.</p>
        </Match>
        <Match when={read.isSuccess}>
          <ul class="suggestions">
            <For each={rows()}>{(confirmation) => <ConfirmationRow {...props} confirmation={confirmation} />}</For>
          </ul>
          <Show when={read.hasNextPage}>
            <Button onClick={() => void read.fetchNextPage()} disabled={read.isFetchingNextPage}>
              Show more
            </Button>
          </Show>
        </Match>
      </Switch>
    </Section>
  );
}

function ConfirmationRow(props: ConfirmationsProps & { confirmation: Confirmation }): JSX.Element {
  const { may, isMe } = createRights();
  const scope = useScope();
  const one = () => props.confirmation;
  const verbs = () =>
    scope.asOf() === undefined
      ? listVerbs(one(), { isMe, mayDecide: may("operator", "auditor"), mayWithdraw: may("operator") })
      : [];
  return (
    <li class="suggestion">
      <div class="suggestion-head">
        <span>
          <strong classList={{ "suggestion-waiting": one().state === "requested" }}>{sayState(one())}</strong>,{" "}
          {sayValue(one().gross, one().unit, props.item?.measure)} {sayUnit(one().unit)} gross
        </span>
        <span class="suggestion-buttons">
          <For each={verbs()}>
            {(verb) => <Button onClick={() => props.onAsk(one(), verb)}>{VERB_WORDS[verb]}</Button>}
          </For>
        </span>
      </div>
      <p>
        “{one().reason}” <span class="quiet">{sayPeople(one())}, </span>
        <Time at={one().changedAt} style="minute" />
        <Show when={one().note}>{(note) => <span class="quiet"> · {note()}</span>}</Show>
      </p>
      <ul class="suggestion-items">
        <For each={one().items}>
          {(part) => (
            <li>
              <span class="quiet">{props.item?.[part.side] ?? `Side ${part.side}`}</span>
              <span class="mono">{part.key.join(" / ")}</span>
              <span class="suggestion-value">
                {sayValue(part.value, one().unit, props.item?.measure)} {sayUnit(one().unit)}
              </span>
            </li>
          )}
        </For>
      </ul>
    </li>
  );
}
