import { useSearchParams } from "@solidjs/router";
import type { MatchItem, MatchSummary } from "@throughline/api/contract";
import { MATCH_CODES, MATCH_OUTCOMES } from "@throughline/schemas/match";
import { For, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { createMayAct } from "../../data/may-act.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createPagedRead, createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatMeasure } from "../../format/measure.ts";
import { formatCount, formatNoun } from "../../format/number.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { type Filter, FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import { listMatchColumns } from "./match-columns.tsx";
import { MatchDrawer } from "./match-drawer.tsx";
import { CODE_FACES, OUTCOME_WORDS, STATE_FACES, WORK_STATES, sayCauses, sayMatch } from "./match-text.ts";
import { type MatchesView, SEATS, type Seat, createMatchesView } from "./matches-query.ts";
import "./matches-page.css";

const SEAT_WORDS: Record<Seat, string> = { erp: "Finance", procurement: "Procurement", receiving: "Receiving" };

/** What keeps invoices from being paid, whose work it is, and what came of every match. */
export function MatchesPage(): JSX.Element {
  const open = createOpenRow();
  const scope = useScope();
  const mayWrite = createMayAct();
  const site = () => scope.query().site;
  const summaryRead = createRead("/matches/summary", () => ({ query: { ...(site() && { site: site() ?? [] }) } }));
  const summary = () => (summaryRead.isSuccess ? summaryRead.data : undefined);
  const view = createMatchesView(summary);
  const read = createPagedRead(
    () => "/matches" as const,
    () => ({ query: view.query() ?? { owner: ["nobody"] } }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  return (
    <ListPage
      title="Matches"
      note={
        <ListNote
          read={read}
          text={
            view.isWork()
              ? formatNoun(rows().length, "match to look at", "matches to look at")
              : formatNoun(rows().length, "result")
          }
          hasMore={read.hasNextPage}
        />
      }
      actions={<Seats view={view} />}
      filters={
        <>
          <Show when={scope.asOf() === undefined && summary()}>{(known) => <SummaryStrip summary={known()} />}</Show>
          <FilterBar filters={listFilters(summary())} textLabel="Invoice or order">
            <ExportMenu href={(format) => `/api/v1/matches${toQuery({ ...view.query(), format })}`} />
          </FilterBar>
        </>
      }
      drawer={
        <Show when={open.key()}>
          {(key) => <MatchDrawer id={key()} mayWrite={mayWrite()} closeHref={open.hrefOf(undefined)} />}
        </Show>
      }
    >
      <PagedList<MatchItem>
        what="The matches"
        read={read}
        emptyTitle={view.isWork() ? "Nothing keeps an invoice from being paid here." : "No match fits."}
        emptyText={<EmptyText isWork={view.isWork()} />}
        label="Matches"
        rows={rows()}
        columns={listMatchColumns()}
        keyOf={({ id }) => id}
        versionOf={({ evaluatedAt, work }) => `${evaluatedAt} ${work?.version ?? ""} ${work?.state ?? ""}`}
        nameOf={(row) => `${sayMatch(row)}, ${sayCauses(row)}`}
        hrefOf={({ id }) => open.hrefOf(id)}
        selectedKey={open.key()}
      />
    </ListPage>
  );
}

function EmptyText(props: { isWork: boolean }): JSX.Element {
  return (
    <Show
      when={props.isWork}
      fallback={
        <p>
          Invoices are matched with orders and receipts as their events arrive. Clear the filters to see all results.
        </p>
      }
    >
      <p>
        What is held, blocked, parked or rejected is listed here for its owner, until it passes or is accepted.{" "}
        <a href="/matches?outcome=matched&outcome=warned">See what passed</a>
      </p>
    </Show>
  );
}

function listFilters(summary: MatchSummary | undefined): Filter[] {
  return [
    { name: "state", title: "State", choices: WORK_STATES.map((value) => ({ value, title: STATE_FACES[value].word })) },
    {
      name: "owner",
      title: "Owner",
      choices: (summary?.owners ?? []).map(({ owner }) => ({ value: owner.id, title: owner.title })),
    },
    { name: "code", title: "Code", choices: MATCH_CODES.map((value) => ({ value, title: CODE_FACES[value].word })) },
    {
      name: "outcome",
      title: "Outcome",
      choices: MATCH_OUTCOMES.map((value) => ({ value, title: OUTCOME_WORDS[value] })),
    },
  ];
}

/** Whose work is shown. */
function Seats(props: { view: MatchesView }): JSX.Element {
  const [, setSearch] = useSearchParams();
  const choose = (seat: string) => setSearch({ seat, owner: undefined, open: undefined });
  return (
    <div class="match-seats" role="group" aria-label="Whose work">
      <button
        type="button"
        class="match-seat"
        aria-pressed={props.view.seat() === undefined}
        onClick={() => choose("all")}
      >
        Everybody
      </button>
      <For each={SEATS}>
        {(seat) => (
          <button
            type="button"
            class="match-seat"
            aria-pressed={props.view.seat() === seat}
            onClick={() => choose(seat)}
          >
            {SEAT_WORDS[seat]}
          </button>
        )}
      </For>
    </div>
  );
}

/** How much there is to do, by owner, with what is not paid. */
function SummaryStrip(props: { summary: MatchSummary }): JSX.Element {
  const scope = useScope();
  return (
    <Show when={props.summary.owners.length > 0}>
      <ul class="match-strip" aria-label="What is open, by owner">
        <For each={props.summary.owners}>
          {({ owner, results, stakes }) => (
            <li>
              <a href={scope.linkTo(`/matches?owner=${encodeURIComponent(owner.id)}`)}>
                <span class="match-strip-name">{owner.title}</span>
                <span class="match-strip-count">{formatCount(results.value)}</span>
                <For each={stakes}>{(stake) => <span class="quiet nowrap">{formatMeasure(stake)}</span>}</For>
              </a>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
