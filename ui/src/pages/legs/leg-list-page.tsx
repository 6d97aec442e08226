import { useSearchParams } from "@solidjs/router";
import type { Leg, LegsQuery } from "@throughline/api/contract";
import { type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { type Names, createNames } from "../../data/names.ts";
import { type OpenRow, createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Sorting } from "../../parts/table-types.ts";
import { LegChips } from "./leg-chips.tsx";
import { listLegColumns } from "./leg-columns.tsx";
import { LegDrawer } from "./leg-drawer.tsx";
import { listLegFilters } from "./leg-filters.tsx";
import { parseLegKey, toLegKey } from "./leg-key.ts";
import { createLegsQuery } from "./legs-query.ts";

interface LegListPageProps {
  title: string;
  api: "/legs" | "/breaches";
  emptyTitle: string;
  emptyText: JSX.Element;
}

/** A list of legs with its filters and the detail of one of them. The URL holds all of it. */
export function LegListPage(props: LegListPageProps): JSX.Element {
  const [, setSearch] = useSearchParams();
  const scope = useScope();
  const names = createNames();
  const query = createLegsQuery();
  const read = createPagedRead(
    () => props.api,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const columns = createMemo(() => listLegColumns(names, props.api === "/breaches"));
  const open = createOpenRow();
  const sorting = () => toSorting(props.api, query().order);
  return (
    <ListPage
      title={props.title}
      note={<ListNote read={read} text={formatNoun(rows().length, "leg")} hasMore={read.hasNextPage} />}
      filters={<LegListFilters api={props.api} query={query()} names={names} />}
      drawer={<OpenLeg rows={rows()} names={names} open={open} />}
    >
      <PagedList<Leg>
        what={props.title}
        read={read}
        emptyTitle={scope.isNarrowed() ? "No leg matches." : props.emptyTitle}
        emptyText={props.emptyText}
        label={props.title}
        rows={rows()}
        columns={columns()}
        keyOf={toLegKey}
        versionOf={(leg) => `${leg.verdict} ${leg.endedAt} ${leg.dueAt}`}
        nameOf={(leg) => `${names.legOf(leg.flow, leg.leg)}, ${leg.instance.id}`}
        hrefOf={(leg) => open.hrefOf(toLegKey(leg))}
        selectedKey={open.key()}
        sorting={sorting()}
        onSort={(wanted) => setSearch({ order: toOrder(wanted, query().order) })}
      />
    </ListPage>
  );
}

/** What a list is sorted by that is told by a column: breaches by their deadlines, other legs only by their chances. */
function toSorting(api: LegListPageProps["api"], order: LegsQuery["order"] | undefined): Sorting | undefined {
  if (api === "/breaches") return { by: "due", isDescending: order !== "oldest" };
  return order === "least-likely" ? { by: "chance", isDescending: true } : undefined;
}

function toOrder({ by, isDescending }: Sorting, order: LegsQuery["order"] | undefined): string | undefined {
  if (by === "chance") return order === "least-likely" ? undefined : "least-likely";
  return isDescending ? undefined : "oldest";
}

interface LegListFiltersProps {
  api: LegListPageProps["api"];
  query: Partial<LegsQuery>;
  names: Names;
}

function LegListFilters(props: LegListFiltersProps): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const isOldest = () => props.query.order === "oldest";
  return (
    <FilterBar filters={listLegFilters(props.names, all(search.flow), props.api === "/legs")} textLabel="Part of an id">
      <LegChips query={props.query} />
      <Show when={props.api === "/legs"}>
        <button
          type="button"
          class="link-button"
          onClick={() => setSearch({ order: isOldest() ? undefined : "oldest" })}
        >
          {isOldest() ? "Oldest first" : "Newest first"}
        </button>
      </Show>
      <ExportMenu href={(format) => `/api/v1${props.api}${toQuery({ ...props.query, format })}`} />
    </FilterBar>
  );
}

function OpenLeg(props: { rows: readonly Leg[]; names: Names; open: OpenRow }): JSX.Element {
  const key = createMemo(() => parseLegKey(props.open.key()));
  return (
    <Show when={key()}>
      {(legKey) => (
        <LegDrawer
          legKey={legKey()}
          known={props.rows.find((row) => toLegKey(row) === props.open.key())}
          names={props.names}
          closeHref={props.open.hrefOf(undefined)}
        />
      )}
    </Show>
  );
}
