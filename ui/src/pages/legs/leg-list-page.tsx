import { useLocation, useSearchParams } from "@solidjs/router";
import type { Leg, LegsQuery } from "@throughline/api/contract";
import { type JSX, Match, Show, Switch, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { createNames } from "../../data/names.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListPage } from "../../parts/page.tsx";
import { SkeletonRows } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "../../parts/state-panel.tsx";
import { listLegColumns } from "./leg-columns.tsx";
import { LegDrawer } from "./leg-drawer.tsx";
import { parseLegKey, toLegKey } from "./leg-key.ts";
import { listLegFilters } from "./leg-filters.tsx";
import { VERDICT_ORDER } from "../../parts/verdict.ts";

interface LegListPageProps {
  title: string;
  api: "/legs" | "/breaches";
  emptyTitle: string;
  emptyText: JSX.Element;
}

const SKELETON_ROWS = 16;

/** A list of legs with its filters and the detail of one of them. The URL holds all of it. */
export function LegListPage(props: LegListPageProps): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const names = createNames();
  const query = createLegsQuery();
  const read = createPagedRead(props.api, () => ({ query: query() }));
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const hrefOf = createOpenHref();
  const openKey = createMemo(() => parseLegKey(one(search.open)));
  const sorting = () => ({ by: "time", isDescending: query().order !== "oldest" });
  const columns = createMemo(() => listLegColumns(names).map((column) => (column.id === "due" ? { ...column, sort: "time" } : column)));
  return (
    <ListPage
      title={props.title}
      note={<ListNote shown={rows().length} hasMore={read.hasNextPage} isReady={read.isSuccess} />}
      filters={
        <FilterBar filters={listLegFilters(names, all(search.flow), props.api === "/legs")} textLabel="Part of an id">
          <ExportMenu href={(format) => `/api/v1${props.api}${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={
        <Show when={openKey()}>
          {(key) => (
            <LegDrawer
              legKey={key()}
              known={rows().find((row) => toLegKey(row) === one(search.open))}
              names={names}
              closeHref={hrefOf(undefined)}
            />
          )}
        </Show>
      }
    >
      <Show when={read.isError && read.isSuccess}>
        <StaleNote readAtMs={read.dataUpdatedAt} error={read.error} onRetry={() => void read.refetch()} />
      </Show>
      <Switch fallback={<SkeletonRows count={SKELETON_ROWS} />}>
        <Match when={read.isLoadingError}>
          <ErrorPanel what={props.title} error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && rows().length === 0}>
          <EmptyPanel title={props.emptyTitle}>{props.emptyText}</EmptyPanel>
        </Match>
        <Match when={rows().length > 0}>
          <DataTable<Leg>
            label={props.title}
            rows={rows()}
            columns={columns()}
            keyOf={toLegKey}
            versionOf={(leg) => `${leg.verdict} ${leg.endedAt} ${leg.dueAt} ${names.flows().length}`}
            nameOf={(leg) => `${names.legOf(leg.flow, leg.leg)}, ${leg.instance.id}`}
            hrefOf={(leg) => hrefOf(toLegKey(leg))}
            selectedKey={one(search.open)}
            hasMore={read.hasNextPage}
            isLoadingMore={read.isFetchingNextPage}
            onMore={() => void read.fetchNextPage()}
            sorting={sorting()}
            onSort={(next) => setSearch({ order: next.isDescending ? undefined : "oldest" })}
          />
        </Match>
      </Switch>
    </ListPage>
  );
}

function ListNote(props: { shown: number; hasMore: boolean; isReady: boolean }): JSX.Element {
  return (
    <Show when={props.isReady}>
      {formatNoun(props.shown, "leg")}
      {props.hasMore ? " shown, more follow" : ""}
    </Show>
  );
}

/** The list's parameters as the URL has them. */
function createLegsQuery(): () => Partial<LegsQuery> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const query: Partial<LegsQuery> = { ...scope.query() };
    const [flow, leg] = [all(search.flow), all(search.leg)];
    const verdicts = all(search.verdict);
    const criticalities = all(search.criticality);
    if (flow.length > 0) query.flow = flow;
    if (leg.length > 0) query.leg = leg;
    if (verdicts.length > 0) query.verdict = VERDICT_ORDER.filter((verdict) => verdicts.includes(verdict));
    if (criticalities.length > 0)
      query.criticality = (["critical", "high", "standard"] as const).filter((name) => criticalities.includes(name));
    const [text, type, id, asOf] = [one(search.q), one(search.instanceType), one(search.instanceId), one(search.asOf)];
    if (text !== undefined) query.q = text;
    if (type !== undefined) query.instanceType = type;
    if (id !== undefined) query.instanceId = id;
    if (asOf !== undefined) query.asOf = asOf;
    if (one(search.order) === "oldest") query.order = "oldest";
    return query;
  });
}

/** Makes links to the same list with the detail of a row open, or with none. */
function createOpenHref(): (key: string | undefined) => string {
  const location = useLocation();
  return (key) => {
    const parameters = new URLSearchParams(location.search);
    if (key === undefined) parameters.delete("open");
    else parameters.set("open", key);
    return parameters.size === 0 ? location.pathname : `${location.pathname}?${parameters.toString()}`;
  };
}
