import { useSearchParams } from "@solidjs/router";
import type { Source, SourcesQuery } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toTitle } from "../../format/title.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { SourceDrawer } from "./source-drawer.tsx";
import { SourceStateMark } from "./source-state.tsx";

const STATES = ["silent", "quiet", "reporting", "complete"] as const;
const FILTERS = [
  { name: "state", title: "State", choices: STATES.map((state) => ({ value: state, title: toTitle(state) })) },
];

const COLUMNS: Column<Source>[] = [
  {
    id: "state",
    title: "State",
    width: "minmax(104px, 0.7fr)",
    cell: (source) => <SourceStateMark state={source.state} />,
  },
  {
    id: "source",
    title: "Feed",
    width: "minmax(150px, 1.7fr)",
    cell: (source) => <Identifier value={source.source} kind="feed" />,
  },
  {
    id: "sites",
    title: "Sites",
    width: "minmax(150px, 1.3fr)",
    from: 960,
    cell: (source) => <Sites sites={source.sites.filter((site) => site !== "")} />,
  },
  {
    id: "complete",
    title: "Complete to",
    width: "112px",
    align: "end",
    from: 460,
    cell: (source) =>
      source.completeTo === null ? <span class="quiet">unknown</span> : <Time at={source.completeTo} style="minute" />,
  },
  {
    id: "heard",
    title: "Last heard",
    width: "110px",
    align: "end",
    from: 620,
    cell: (source) => <Time at={source.lastArrivedAt} />,
  },
  countColumn("accepted", 700, ({ accepted }) => accepted),
  countColumn("duplicates", 1060, ({ duplicates }) => duplicates),
  countColumn("superseded", 1300, ({ superseded }) => superseded),
  countColumn("conflicts", 1180, ({ conflicts }) => conflicts),
  countColumn("failed", 820, ({ failed }) => failed),
];

/** The feeds: which are heard, how far each is complete, and what it sent. */
export function CoveragePage(): JSX.Element {
  const open = createOpenRow();
  const query = createSourcesQuery();
  const read = createPagedRead(
    () => "/sources" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  return (
    <ListPage
      title="Coverage"
      note={<ListNote read={read} text={formatNoun(rows().length, "feed")} hasMore={read.hasNextPage} />}
      filters={
        <FilterBar filters={FILTERS} textLabel="Part of a feed's name">
          <ExportMenu href={(format) => `/api/v1/sources${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={
        <Show when={open.key()}>
          {(key) => (
            <SourceDrawer
              name={key()}
              known={rows().find(({ source }) => source === key())}
              closeHref={open.hrefOf(undefined)}
            />
          )}
        </Show>
      }
    >
      <PagedList<Source>
        what="The feeds"
        read={read}
        emptyTitle="No feed matches."
        emptyText={
          <p>A feed appears with the first event that it sends to the gateway. Clear the filters to see all of them.</p>
        }
        label="Feeds"
        rows={rows()}
        columns={COLUMNS}
        keyOf={({ source }) => source}
        versionOf={(source) => `${source.state} ${source.accepted} ${source.completeTo}`}
        nameOf={({ source }) => source}
        hrefOf={({ source }) => open.hrefOf(source)}
        selectedKey={open.key()}
      />
    </ListPage>
  );
}

/** The parameters of the list as the URL has them. */
function createSourcesQuery(): Accessor<Partial<SourcesQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const asked: Partial<SourcesQuery> = { ...scope.countQuery() };
    const states = STATES.filter((state) => all(search.state).includes(state));
    const text = one(search.q);
    if (states.length > 0) asked.state = states;
    if (text !== undefined) asked.q = text;
    return asked;
  });
}

/** A column of counts, shown from a width on; faults are red. */
function countColumn(id: string, from: number, valueOf: (source: Source) => number): Column<Source> {
  const isFault = id === "conflicts" || id === "failed";
  return {
    id,
    title: toTitle(id),
    width: "88px",
    align: "end",
    from,
    cell: (source) => (
      <span classList={{ quiet: valueOf(source) === 0, late: isFault && valueOf(source) > 0 }}>
        {formatCount(valueOf(source))}
      </span>
    ),
  };
}

function Sites(props: { sites: readonly string[] }): JSX.Element {
  const text = () => props.sites.join(", ");
  return (
    <span class="quiet" title={text()}>
      {text()}
    </span>
  );
}
