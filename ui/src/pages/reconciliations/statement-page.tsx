import { useParams, useSearchParams } from "@solidjs/router";
import type { Statement } from "@throughline/api/contract";
import ChevronLeft from "lucide-solid/icons/chevron-left";
import ChevronRight from "lucide-solid/icons/chevron-right";
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
import { listNeighbours, sayDays, sayMoment, toDay } from "./period-text.ts";
import { FeedEdge } from "./reconciliation-marks.tsx";
import { listIncomplete } from "./reconciliation-text.ts";
import { UnitStatement } from "./unit-statement.tsx";
import "../../parts/field.css";
import "./statement-page.css";

/** The statement of a reconciliation over a fiscal period: how its open items came to be what they are. */
export function StatementPage(): JSX.Element {
  const params = useParams();
  const [search] = useSearchParams();
  const id = () => decodePathPart(params.id);
  const query = () => {
    const on = one(search.on);
    return on === undefined ? {} : { on };
  };
  const read = createRead(
    "/reconciliations/{id}/statement",
    () => ({ path: { id: id() }, query: query() }),
    () => ({ isKept: true }),
  );
  const isMissing = () => read.error instanceof ApiError && read.error.status === 404;
  const path = () => `/api/v1/reconciliations/${encodeURIComponent(id())}/statement`;
  return (
    <Page
      title={read.isSuccess ? read.data.title : id()}
      note={<Show when={read.isSuccess && read.data}>{(statement) => <PeriodNote statement={statement()} />}</Show>}
      actions={
        <Show when={read.isSuccess && read.data}>
          {(statement) => (
            <>
              <PeriodChoice statement={statement()} />
              <ExportMenu href={(format) => `${path()}${toQuery({ ...query(), format })}`} />
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
    </>
  );
}

/** The period before and after, and that of any day. */
function PeriodChoice(props: { statement: Statement }): JSX.Element {
  const scope = useScope();
  const [, setSearch] = useSearchParams();
  const period = () => props.statement.period;
  const neighbours = () => listNeighbours(period(), props.statement.readAt);
  const hrefOf = (day: string) =>
    scope.linkTo(`/reconciliations/${encodeURIComponent(props.statement.reconciliation)}/statement?on=${day}`);
  return (
    <nav class="period-choice" aria-label="Fiscal period">
      <a class="button" href={hrefOf(neighbours().before)} aria-label="The period before">
        <ChevronLeft size={16} aria-hidden="true" />
      </a>
      <input
        class="field"
        type="date"
        aria-label="A day of the period"
        value={toDay(period())}
        max={toDay({ ...period(), from: props.statement.readAt })}
        onChange={(event) => event.currentTarget.value !== "" && setSearch({ on: event.currentTarget.value })}
      />
      <Show
        when={neighbours().after}
        fallback={
          <button type="button" class="button" disabled aria-label="The next period has not begun">
            <ChevronRight size={16} aria-hidden="true" />
          </button>
        }
      >
        {(after) => (
          <a class="button" href={hrefOf(after())} aria-label="The next period">
            <ChevronRight size={16} aria-hidden="true" />
          </a>
        )}
      </Show>
    </nav>
  );
}

function StatementBody(props: { statement: Statement }): JSX.Element {
  const statement = () => props.statement;
  return (
    <div class="statement">
      <StatementFacts statement={statement()} />
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
