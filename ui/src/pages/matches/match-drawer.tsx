import type { MatchDetail } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { ApiError } from "../../data/client.ts";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatMeasure } from "../../format/measure.ts";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { NoteBox } from "../../parts/note-box.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { MatchActions } from "./match-actions.tsx";
import { NextDay } from "./match-columns.tsx";
import { DerivationView } from "./match-derivation.tsx";
import { MatchStateMark } from "./match-state.tsx";
import {
  CODE_FACES,
  OUTCOME_WORDS,
  STATE_FACES,
  sayAct,
  sayDifference,
  sayLimit,
  sayMatch,
  sayResult,
} from "./match-text.ts";

interface MatchDrawerProps {
  id: string;
  mayWrite: boolean;
  closeHref: string;
  isFloating?: boolean;
}

/** One match: why it is not paid, what to do, how it came about, and what was done. */
export function MatchDrawer(props: MatchDrawerProps): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/matches/{id}",
    () => ({ path: { id: props.id }, query: scope.asOfQuery() }),
    () => ({ isKept: true }),
  );
  const detail = () => (read.isSuccess && read.data.id === props.id ? read.data : undefined);
  const isMissing = () => read.error instanceof ApiError && read.error.status === 404;
  const canAct = () => (props.mayWrite && detail()?.work !== null ? detail() : undefined);
  return (
    <Drawer
      label="Match"
      title={
        <Show when={detail()} fallback="Match">
          {(known) => sayMatch(known())}
        </Show>
      }
      closeHref={props.closeHref}
      shows={props.id}
      isFloating={props.isFloating === true}
      actions={<Show when={canAct()}>{(known) => <MatchActions match={known()} />}</Show>}
    >
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={detail()}>{(known) => <MatchView match={known()} />}</Match>
        <Match when={read.isError && isMissing()}>
          <EmptyPanel title="This match is not there.">
            Nothing was matched under this name at that time, it was taken back since, or it lies outside of what you
            may see.
          </EmptyPanel>
        </Match>
        <Match when={read.isError}>
          <ErrorPanel what="The match" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
      </Switch>
    </Drawer>
  );
}

function MatchView(props: { match: MatchDetail }): JSX.Element {
  return (
    <>
      <StateSentence match={props.match} />
      <Causes match={props.match} />
      <NextActions match={props.match} />
      <MatchFacts match={props.match} />
      <Show
        when={props.match.derivation}
        fallback={<p class="quiet">It is made of more documents than can be shown here, or is not judged any more.</p>}
      >
        {(derivation) => <DerivationView derivation={derivation()} />}
      </Show>
      <Acts match={props.match} />
      <History match={props.match} />
    </>
  );
}

function StateSentence(props: { match: MatchDetail }): JSX.Element {
  return (
    <div class="match-sentence">
      <Show
        when={props.match.work}
        fallback={
          <p>
            {sayResult(props.match)}.{" "}
            {props.match.kind === "order" ? "No rule speaks against it." : "Nothing keeps it from being paid."}
          </p>
        }
      >
        {(work) => (
          <>
            <MatchStateMark state={work().state} />
            <p>
              {STATE_FACES[work().state].meaning} {OUTCOME_WORDS[props.match.outcome]} by the rules
              <Show when={work().stake} fallback=".">
                {(stake) => (
                  <>
                    : {formatMeasure(stake())} {work().state === "resolved" ? "was" : "is"} not paid.
                  </>
                )}
              </Show>
              <Show when={work().isReopened}>
                {" "}
                It had passed or been accepted before, and differs again or otherwise.
              </Show>
            </p>
          </>
        )}
      </Show>
    </div>
  );
}

function Causes(props: { match: MatchDetail }): JSX.Element {
  return (
    <Show when={props.match.causes.length > 0}>
      <ul class="match-causes" aria-label="Why">
        <For each={props.match.causes}>
          {(cause) => (
            <li>
              <strong>{CODE_FACES[cause.code].word}</strong> <span class="mono quiet">{cause.code}</span>
              <p>
                {CODE_FACES[cause.code].meaning} <Show when={sayDifference(cause)}>{(text) => <>{text()}.</>}</Show>
                <Show when={sayLimit(cause.limit)}>
                  {(limit) => <span class="quiet"> May differ by {limit()}.</span>}
                </Show>
                <Show when={cause.other}>{(other) => <> See {other()}.</>}</Show>
              </p>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

function NextActions(props: { match: MatchDetail }): JSX.Element {
  const actions = () => {
    const { work } = props.match;
    return work === null || work.state === "resolved" || work.state === "accepted" ? [] : work.nextActions;
  };
  return (
    <Show when={actions().length > 0}>
      <NoteBox title="What to do">
        <For each={actions()}>{({ action }) => <p>{action}</p>}</For>
      </NoteBox>
    </Show>
  );
}

function MatchFacts(props: { match: MatchDetail }): JSX.Element {
  const scope = useScope();
  const match = () => props.match;
  const money = (name: string, amount: { value: string; currency: string } | null | undefined) =>
    amount ? { name, value: formatMeasure(amount) } : undefined;
  const named = (name: string, value: string) => (value === "" ? undefined : { name, value });
  return (
    <Facts
      facts={[
        match().work && { name: "Next date", value: <NextDay row={match()} /> },
        { name: "Owner", value: match().work?.owner?.title ?? "Nobody" },
        match().work?.takenBy ? { name: "Taken by", value: match().work?.takenBy?.name ?? "" } : undefined,
        match().work?.acceptedBy ? { name: "Accepted by", value: match().work?.acceptedBy?.name ?? "" } : undefined,
        match().work?.approvedBy ? { name: "Approved by", value: match().work?.approvedBy?.name ?? "" } : undefined,
        named("Reason", match().work?.reason ?? ""),
        money("Amount", match().amount),
        money("Discount", match().discount),
        named("Discount until", match().discountOn ?? ""),
        named("Due on", match().dueOn ?? ""),
        money("Written off", match().writtenOff),
        money("Exchange", match().fx),
        named("Supplier", match().supplier),
        named("Company", match().company),
        named("Site", match().site),
        { name: "Entered", value: <Time at={match().enteredAt} style="second" /> },
        match().work?.minutes ? { name: "Time spent", value: `${match().work?.minutes ?? 0} min` } : undefined,
        match().invoice === null
          ? undefined
          : { name: "Invoice", value: <Identifier value={match().invoice ?? ""} kind="invoice" /> },
        match().order === null
          ? undefined
          : { name: "Order line", value: <a href={scope.linkTo(toPageHref(match().href))}>{match().order}</a> },
      ].map((fact) => fact ?? undefined)}
    />
  );
}

function Acts(props: { match: MatchDetail }): JSX.Element {
  return (
    <Show when={props.match.acts.length > 0}>
      <section aria-label="What was done">
        <h3>What was done</h3>
        <ol class="match-story">
          <For each={props.match.acts}>
            {(act) => (
              <li classList={{ quiet: act.isVoid }}>
                {sayAct(act)}, <Time at={act.workedAt ?? act.at} style="second" />
                <Show when={act.isVoid}> (no longer counts)</Show>
                <Show when={act.note}>{(note) => <p class="match-note">{note()}</p>}</Show>
              </li>
            )}
          </For>
        </ol>
      </section>
    </Show>
  );
}

function History(props: { match: MatchDetail }): JSX.Element {
  const scope = useScope();
  return (
    <section aria-label="What the rules said, and when">
      <h3>What the rules said, and when</h3>
      <ol class="match-story">
        <For each={props.match.history}>
          {(change) => (
            <li>
              {change.outcome === null ? "Taken back" : OUTCOME_WORDS[change.outcome]},{" "}
              <Time at={change.evaluatedAt} style="second" />
              <Show when={change.causes.length > 0}>
                <p>
                  {change.causes
                    .map((cause) =>
                      [CODE_FACES[cause.code].word, sayDifference(cause)].filter((part) => part !== "").join(" "),
                    )
                    .join("; ")}
                </p>
              </Show>
              <Show when={change.events.length > 0}>
                <p class="quiet">
                  after{" "}
                  <For each={change.events}>
                    {(event, index) => (
                      <>
                        {index() > 0 ? ", " : ""}
                        <a href={scope.linkTo(`${toPageHref(event.href)}?open=event~${encodeURIComponent(event.key)}`)}>
                          {event.type}
                        </a>
                      </>
                    )}
                  </For>
                </p>
              </Show>
            </li>
          )}
        </For>
      </ol>
    </section>
  );
}
