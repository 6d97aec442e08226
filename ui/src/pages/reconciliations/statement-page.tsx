import { useParams, useSearchParams } from "@solidjs/router";
import type { Statement } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { ApiError, toQuery } from "../../data/client.ts";
import { decodePathPart } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { one, useScope } from "../../data/scope.tsx";
import { formatZone } from "../../format/time.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { Facts } from "../../parts/facts.tsx";
import { NoteBox } from "../../parts/note-box.tsx";
import { Page } from "../../parts/page.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "../../parts/state-panel.tsx";
import { PeriodChoice } from "./period-choice.tsx";
import { sayDays, sayMoment, toDay } from "./period-text.ts";
import { FeedEdge } from "./reconciliation-marks.tsx";
import { listIncomplete } from "./reconciliation-text.ts";
import { UnitStatement } from "./unit-statement.tsx";
import "./statement-page.css";

/** The statement of a reconciliation over a fiscal period: how its open items came to be what they are. */
export function StatementPage(): JSX.Element {
  const params = useParams();
  const [search] = useSearchParams();
  const id = () => decodePathPart(params.id);
  const query = () => {
    const [on, company] = [one(search.on), one(search.company)];
    return { ...(on !== undefined && { on }), ...(company !== undefined && { company }) };
  };
  const scope = useScope();
  const read = createRead(
    "/reconciliations/{id}/statement",
    () => ({ path: { id: id() }, query: { ...query(), ...scope.asOfQuery() } }),
    () => ({ isKept: true }),
  );
  const isMissing = () => read.error instanceof ApiError && read.error.status === 404;
  const path = () => `/reconciliations/${encodeURIComponent(id())}/statement`;
  const hrefOf = (day: string) => scope.linkTo(`${path()}${toQuery({ ...query(), on: day })}`);
  return (
    <Page
      title={read.isSuccess ? read.data.title : id()}
      note={<Show when={read.isSuccess && read.data}>{(statement) => <PeriodNote statement={statement()} />}</Show>}
      actions={
        <Show when={read.isSuccess && read.data}>
          {(statement) => (
            <>
              <a href={scope.linkTo(`/reconciliations/${encodeURIComponent(id())}/control-totals`)}>Control totals</a>
              <PeriodChoice period={statement().period} readAt={statement().readAt} hrefOf={hrefOf} />
              <ExportMenu
                href={(format) => `/api/v1${path()}${toQuery({ ...query(), ...scope.asOfQuery(), format })}`}
              />
            </>
          )}
        </Show>
      }
    >
      <Show when={read.isRefetchError}>
        <StaleNote readAtMs={read.dataUpdatedAt} error={read.error} onRetry={() => void read.refetch()} />
      </Show>
      <Switch fallback={<StatementSkeleton />}>
        <Match when={read.isLoadingError && isMissing()}>
          <EmptyPanel title={`There is no reconciliation ${id()}.`}>
            It was taken out of the configuration, or the link is incomplete.
          </EmptyPanel>
        </Match>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The statement" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && read.data}>{(statement) => <StatementBody statement={statement()} />}</Match>
      </Switch>
    </Page>
  );
}

function PeriodNote(props: { statement: Statement }): JSX.Element {
  const period = () => props.statement.period;
  return (
    <>
      {period().id === null ? "" : `Period ${period().id}, `}
      {sayDays(period())}, by the clocks of {period().zone}
      <Show when={props.statement.company.title !== ""}>, {props.statement.company.title}</Show>
    </>
  );
}

function StatementBody(props: { statement: Statement }): JSX.Element {
  const statement = () => props.statement;
  return (
    <div class="statement">
      <StatementFacts statement={statement()} />
      <LockNote statement={statement()} />
      <Blindness statement={statement()} />
      <Show when={statement().isKept} fallback={<NeverKept statement={statement()} />}>
        <Show when={statement().units.length > 0} fallback={<NothingStated statement={statement()} />}>
          <For each={statement().units}>{(unit) => <UnitStatement statement={statement()} unit={unit} />}</For>
        </Show>
      </Show>
      <NoteBox title="What to do about a break">
        <p>{statement().response}</p>
      </NoteBox>
    </div>
  );
}

function StatementFacts(props: { statement: Statement }): JSX.Element {
  const statement = () => props.statement;
  const say = (at: string) => {
    const { zone } = statement().period;
    return `${sayMoment(at, zone)} ${formatZone(zone, Date.parse(at))}`;
  };
  return (
    <div class="statement-facts">
      <Facts
        facts={[
          { name: "Side a", value: <FeedEdge title={statement().a} feed={statement().feeds.a} /> },
          { name: "Side b", value: <FeedEdge title={statement().b} feed={statement().feeds.b} /> },
          { name: "Cut-off", value: say(statement().period.to) },
          { name: "As known", value: say(statement().readAt) },
          { name: "Owner", value: statement().owner },
          { name: "Rules", value: <span class="mono">{statement().ruleVersion}</span> },
        ]}
      />
    </div>
  );
}

/** Says that the figures are those of a lock, and where it is. */
function LockNote(props: { statement: Statement }): JSX.Element {
  const scope = useScope();
  const hrefOf = () => {
    const { reconciliation: open, period, company } = props.statement;
    return scope.linkTo(`/close${toQuery({ on: toDay(period), company: company.id, open })}`);
  };
  return (
    <Show when={props.statement.lock}>
      {(lock) => (
        <p class="statement-lock" role="note">
          <b>Locked</b> {sayMoment(lock().lockedAt, props.statement.period.zone)} by {lock().lockedBy.name}:{" "}
          {lock().reason} The figures are those of the lock. <a href={hrefOf()}>What is known otherwise since</a>
        </p>
      )}
    </Show>
  );
}

/** Says which side does not reach to the cut-off: what it lacks may still come. */
function Blindness(props: { statement: Statement }): JSX.Element {
  const incomplete = () => listIncomplete(props.statement);
  return (
    <Show when={incomplete().length > 0}>
      <p class="statement-blind" role="note">
        <For each={incomplete()}>
          {({ side, completeTo }) => (
            <span>
              <b>{side}</b>{" "}
              {completeTo === null
                ? "was never heard of: nothing that it lacks can be judged."
                : `is complete to ${sayMoment(completeTo, props.statement.period.zone)}: what it lacks after that may still come.`}{" "}
            </span>
          )}
        </For>
      </p>
    </Show>
  );
}

function NeverKept(props: { statement: Statement }): JSX.Element {
  return (
    <EmptyPanel title="Nothing was held against anything yet.">
      <p>
        This is not in order, it is not known: no event of “{props.statement.a}” or “{props.statement.b}” was
        reconciled. Either none has arrived, or reconciling is switched off.
      </p>
    </EmptyPanel>
  );
}

function NothingStated(props: { statement: Statement }): JSX.Element {
  return (
    <EmptyPanel title="Nothing was open in this period, and nothing moved.">
      <p>
        Neither “{props.statement.a}” nor “{props.statement.b}” said anything up to its end.
      </p>
    </EmptyPanel>
  );
}

function StatementSkeleton(): JSX.Element {
  return (
    <div class="statement">
      <SkeletonBlock height={44} />
      <SkeletonBlock height={420} />
    </div>
  );
}
