import { useSearchParams } from "@solidjs/router";
import type { Edge, EdgesQuery } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { one, useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { EdgeDrawer } from "./edge-drawer.tsx";
import { ConditionMark } from "./edge-marks.tsx";
import { sayClock, sayInForce, saySpool } from "./edge-text.ts";

/** The edges: how each is, how far it is complete, what is in force there, and what waits there for a person. */
export function EdgesPage(): JSX.Element {
  const scope = useScope();
  const open = createOpenRow();
  const query = createEdgesQuery();
  const read = createPagedRead(
    () => "/edges" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  return (
    <ListPage
      title="Edges"
      note={<ListNote read={read} text={formatNoun(rows().length, "edge")} hasMore={read.hasNextPage} />}
      actions={
        <a class="button" href={scope.linkTo("/edges/orders")}>
          Replay orders
        </a>
      }
      filters={
        <FilterBar filters={[]} textLabel="Part of an edge's name">
          <ExportMenu href={(format) => `/api/v1/edges${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={
        <Show when={read.isSuccess && open.key()}>
          {(key) => (
            <EdgeDrawer
              edge={rows().find(({ edge }) => edge === key())}
              name={key()}
              closeHref={open.hrefOf(undefined)}
            />
          )}
        </Show>
      }
    >
      <PagedList<Edge>
        what="The edges"
        read={read}
        emptyTitle={scope.isNarrowed() ? "No edge matches." : "No edge has reported yet."}
        emptyText={
          <p>
            An edge collector reads what systems at a site write anyway. With <span class="mono">wayBack</span> in its
            configuration it says here how it is, and takes crosswalks and replay orders.
          </p>
        }
        label="Edges"
        rows={rows()}
        columns={COLUMNS}
        keyOf={({ edge }) => edge}
        versionOf={({ condition, version, kept, waiting }) => `${condition} ${version} ${kept} ${waiting}`}
        nameOf={({ edge }) => edge}
        hrefOf={({ edge }) => open.hrefOf(edge)}
        selectedKey={open.key()}
      />
    </ListPage>
  );
}

const quietly = (text: string | undefined): JSX.Element => (
  <Show when={text} fallback={<span class="quiet">unknown</span>}>
    {text}
  </Show>
);

const COLUMNS: Column<Edge>[] = [
  { id: "state", title: "State", width: "104px", cell: (row) => <ConditionMark condition={row.condition} /> },
  {
    id: "edge",
    title: "Edge",
    width: "minmax(110px, 1.2fr)",
    cell: (row) => (
      <span class="edge-cell mono" title={row.edge}>
        {row.edge}
      </span>
    ),
  },
  { id: "site", title: "Site", width: "minmax(64px, 0.6fr)", from: 560, cell: (row) => row.site },
  { id: "seen", title: "Last heard", width: "104px", align: "end", cell: (row) => <Time at={row.seenAt} /> },
  {
    id: "complete",
    title: "Complete to",
    width: "116px",
    align: "end",
    from: 640,
    cell: (row) => (
      <Show when={row.completeTo} fallback={<span class="quiet">unknown</span>}>
        {(at) => <Time at={at()} style="minute" />}
      </Show>
    ),
  },
  {
    id: "force",
    title: "In force",
    width: "minmax(132px, 1fr)",
    from: 780,
    cell: (row) => (
      <span class="edge-cell" classList={{ quiet: row.crosswalks === "current" }}>
        {sayInForce(row)}
      </span>
    ),
  },
  { id: "spool", title: "Spool", width: "72px", align: "end", from: 900, cell: (row) => quietly(saySpool(row)) },
  {
    id: "clock",
    title: "Clock",
    width: "minmax(132px, 1fr)",
    from: 1330,
    cell: (row) => quietly(sayClock(row)),
  },
  countColumn({ id: "kept", title: "Kept", width: "72px", from: 700 }, ({ kept }) => kept),
  countColumn({ id: "waiting", title: "For crosswalks", width: "112px", from: 980 }, ({ waiting }) => waiting),
  {
    id: "release",
    title: "Version",
    width: "84px",
    from: 1180,
    cell: (row) => quietly(row.release === "" ? undefined : row.release),
  },
];

function countColumn(of: Omit<Column<Edge>, "cell">, valueOf: (edge: Edge) => number): Column<Edge> {
  return {
    ...of,
    align: "end",
    cell: (row) => <span classList={{ quiet: valueOf(row) === 0 }}>{formatCount(valueOf(row))}</span>,
  };
}

/** The parameters of the list as the URL has them; the time of the page does not hide an edge. */
function createEdgesQuery(): Accessor<Partial<EdgesQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const { site } = scope.query();
    const q = one(search.q);
    return { ...(site && { site }), ...(q !== undefined && { q }) };
  });
}
