import { useSearchParams } from "@solidjs/router";
import type { Close } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import { toQuery } from "../../data/client.ts";
import { type OpenRow, createOpenRow } from "../../data/open-row.ts";
import { createRead } from "../../data/read.ts";
import { one, useScope } from "../../data/scope.tsx";
import { formatCount } from "../../format/number.ts";
import { BigFigure } from "../../parts/figure.tsx";
import type { ListRead } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { PeriodChoice } from "../reconciliations/period-choice.tsx";
import { sayDays } from "../reconciliations/period-text.ts";
import { CloseDrawer } from "./close-drawer.tsx";
import { ClosingFeeds, ClosingReconciliations, CloseOwners } from "./close-tables.tsx";
import { sayDaysLeft, sayPart, sayReadiness } from "./close-text.ts";
import "../../parts/field.css";
import "./close-page.css";

/** How far a fiscal period is from being locked, and the way there. */
export function ClosePage(): JSX.Element {
  const [search] = useSearchParams();
  const scope = useScope();
  const open = createOpenRow();
  const now = useNow();
  const query = () => {
    const [on, company] = [one(search.on), one(search.company)];
    return { ...(on !== undefined && { on }), ...(company !== undefined && { company }) };
  };
  const read = createRead(
    "/close",
    () => ({ query: { ...query(), ...scope.asOfQuery() } }),
    () => ({ isKept: true }),
  );
  const hrefOf = (day: string) => scope.linkTo(`/close${toQuery({ ...query(), on: day })}`);
  return (
    <ListPage
      title="Close room"
      note={<Show when={read.isSuccess && read.data}>{(close) => <CloseNote close={close()} />}</Show>}
      actions={
        <Show when={read.isSuccess && read.data}>
          {(close) => (
            <>
              <CompanyChoice close={close()} />
              <PeriodChoice
                period={close().period}
                readAt={new Date(scope.asOf() ?? now()).toISOString()}
                hrefOf={hrefOf}
              />
            </>
          )}
        </Show>
      }
      filters={<></>}
      drawer={
        <Show when={read.isSuccess && read.data}>
          {(close) => (
            <Show when={close().reconciliations.find(({ id }) => id === open.key())}>
              {(found) => <CloseDrawer close={close()} reconciliation={found()} closeHref={open.hrefOf(undefined)} />}
            </Show>
          )}
        </Show>
      }
    >
      <div class="close-scroll" tabIndex={0} role="region" aria-label="The close">
        <CloseBody read={read} close={read.isSuccess ? read.data : undefined} open={open} />
      </div>
    </ListPage>
  );
}

function CloseNote(props: { close: Close }): JSX.Element {
  return (
    <>
      {props.close.company.title}, period {props.close.period.id}, {sayDays(props.close.period)}, by the clocks of{" "}
      {props.close.period.zone}
    </>
  );
}

interface CloseBodyProps {
  read: ListRead;
  close: Close | undefined;
  open: OpenRow;
}

function CloseBody(props: CloseBodyProps): JSX.Element {
  const retry = (): void => void props.read.refetch();
  return (
    <>
      <Show when={props.read.isRefetchError}>
        <StaleNote readAtMs={props.read.dataUpdatedAt} error={props.read.error} onRetry={retry} />
      </Show>
      <Switch fallback={<SkeletonBlock height={480} />}>
        <Match when={props.read.isLoadingError}>
          <ErrorPanel what="The close" error={props.read.error} onRetry={retry} />
        </Match>
        <Match when={props.close?.reconciliations.length === 0}>
          <EmptyPanel title="Nothing is closed here.">
            <p>Nothing is reconciled, or nothing of it is in what you may see.</p>
          </EmptyPanel>
        </Match>
        <Match when={props.close}>
          {(close) => (
            <div class="close">
              <CloseHead close={close()} />
              <ClosingReconciliations close={close()} open={props.open} />
              <ClosingFeeds close={close()} />
              <CloseOwners close={close()} />
            </div>
          )}
        </Match>
      </Switch>
    </>
  );
}

/** What stands where, and first of all what is missing. */
function CloseHead(props: { close: Close }): JSX.Element {
  const close = () => props.close;
  const locked = () => close().reconciliations.filter(({ lock }) => lock !== null).length;
  const complete = () => close().feeds.filter(({ isComplete }) => isComplete).length;
  const items = () => close().owners.reduce((sum, owner) => sum + owner.items, 0);
  return (
    <>
      <p class="close-readiness" classList={{ ready: close().isReady || close().lock.lockedAt !== null }}>
        {sayReadiness(close())}
        <Show when={!close().isWhole}>
          <span class="quiet"> The figures are of your sites only.</span>
        </Show>
      </p>
      <div class="close-figures">
        <BigFigure
          label="Feeds complete"
          value={sayPart(complete(), close().feeds.length)}
          note="to the cut-off"
          tone={close().isOver && complete() < close().feeds.length ? "amber" : undefined}
        />
        <BigFigure label="Locked" value={sayPart(locked(), close().reconciliations.length)} note="reconciliations" />
        <BigFigure label="Open items" value={formatCount(items())} note="at the cut-off" />
        <BigFigure
          label="To be locked"
          value={sayDaysLeft(close().lock) ?? "no date"}
          tone={(close().lock.daysLeft ?? 0) < 0 && close().lock.lockedAt === null ? "red" : undefined}
          note={
            <Show when={close().lock.dueAt} fallback="no closing is configured">
              {(at) => (
                <>
                  by <Time at={at()} style="minute" />
                </>
              )}
            </Show>
          }
        />
      </div>
    </>
  );
}

function CompanyChoice(props: { close: Close }): JSX.Element {
  const [, setSearch] = useSearchParams();
  return (
    <Show when={props.close.companies.length > 1}>
      <select
        class="field close-company"
        aria-label="Company"
        value={props.close.company.id}
        onChange={(event) => setSearch({ company: event.currentTarget.value, open: undefined })}
      >
        <For each={props.close.companies}>{(company) => <option value={company.id}>{company.title}</option>}</For>
      </select>
    </Show>
  );
}
