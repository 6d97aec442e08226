import { useSearchParams } from "@solidjs/router";
import type { Quarantined, QuarantineQuery } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toTitle } from "../../format/title.ts";
import { type OpenRow, createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatBytes, formatCount, formatNoun } from "../../format/number.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { QuarantineDrawer, parseQuarantineKey, toQuarantineKey } from "./quarantine-drawer.tsx";
import "./quarantine-page.css";

const COLUMNS: Column<Quarantined>[] = [
  { id: "arrived", title: "Arrived", width: "120px", cell: (row) => <Time at={row.arrivedAt} style="second" /> },
  { id: "reason", title: "Reason", width: "minmax(180px, 3fr)", cell: (row) => <FirstIssue row={row} /> },
  {
    id: "code",
    title: "Kind",
    width: "minmax(110px, 1fr)",
    from: 760,
    cell: (row) => <span>{toTitle(row.code)}</span>,
  },
  {
    id: "source",
    title: "Feed",
    width: "minmax(110px, 1fr)",
    from: 620,
    cell: (row) => <span class="mono">{row.source}</span>,
  },
  {
    id: "route",
    title: "Sent to",
    width: "112px",
    from: 900,
    cell: (row) => <span class="mono quiet">{row.route}</span>,
  },
  {
    id: "actor",
    title: "By",
    width: "minmax(90px, 0.8fr)",
    from: 1080,
    cell: (row) => <span class="quiet">{row.actor}</span>,
  },
  {
    id: "size",
    title: "Size",
    width: "84px",
    align: "end",
    from: 1000,
    cell: (row) => <span class="quiet">{formatBytes(row.sizeBytes)}</span>,
  },
];

/** What the gateway refused, with its bytes, the places of its mistakes and the reasons. */
export function QuarantinePage(): JSX.Element {
  const [search] = useSearchParams();
  const open = createOpenRow();
  const query = createQuarantineQuery();
  const read = createPagedRead(
    () => "/quarantine" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const filters = createMemo(() => [
    {
      name: "code",
      title: "Kind",
      choices: listChoices([...rows().map(({ code }) => code), ...all(search.code)], toTitle),
    },
    {
      name: "route",
      title: "Sent to",
      choices: listChoices([...rows().map(({ route }) => route), ...all(search.route)], String),
    },
  ]);
  return (
    <ListPage
      title="Quarantine"
      note={<ListNote read={read} text={formatNoun(rows().length, "refused item")} hasMore={read.hasNextPage} />}
      filters={
        <FilterBar filters={filters()} textLabel="Part of a reason">
          <ExportMenu href={(format) => `/api/v1/quarantine${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={<OpenItem open={open} />}
    >
      <PagedList<Quarantined>
        what="The quarantine"
        read={read}
        emptyTitle="Nothing was refused in this time."
        emptyText={<NothingRefused />}
        label="Refused items"
        rows={rows()}
        columns={COLUMNS}
        keyOf={toQuarantineKey}
        versionOf={() => ""}
        nameOf={(row) => `Refused ${row.code}, ${row.issues[0]?.message ?? ""}`}
        hrefOf={(row) => open.hrefOf(toQuarantineKey(row))}
        selectedKey={open.key()}
      />
    </ListPage>
  );
}

/** The parameters of the list as the URL has them. */
function createQuarantineQuery(): Accessor<Partial<QuarantineQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const asked: Partial<QuarantineQuery> = { ...scope.query() };
    const codes = all(search.code);
    const routes = all(search.route);
    const text = one(search.q);
    if (codes.length > 0) asked.code = codes;
    if (routes.length > 0) asked.route = routes;
    if (text !== undefined) asked.q = text;
    return asked;
  });
}

function OpenItem(props: { open: OpenRow }): JSX.Element {
  const key = createMemo(() => parseQuarantineKey(props.open.key()));
  return (
    <Show when={key()}>
      {(present) => <QuarantineDrawer quarantineKey={present()} closeHref={props.open.hrefOf(undefined)} />}
    </Show>
  );
}

function NothingRefused(): JSX.Element {
  return (
    <p>
      What the gateway cannot accept is kept here with its bytes and the reason, while the good events beside it go on.
      Widen the time range (<kbd>t</kbd>) to look further back.
    </p>
  );
}

function FirstIssue(props: { row: Quarantined }): JSX.Element {
  const first = () => props.row.issues[0];
  const others = () => props.row.issues.length - 1;
  return (
    <span class="issue-line" title={first()?.message}>
      <Show when={first()?.path}>{(path) => <code class="issue-path">{path()}</code>}</Show>
      {first()?.message ?? "No reason was kept"}
      <Show when={others() > 0}>
        <span class="quiet"> and {formatCount(others())} more</span>
      </Show>
    </span>
  );
}

function listChoices(values: readonly string[], titleOf: (value: string) => string) {
  return [...new Set(values)].toSorted().map((value) => ({ value, title: titleOf(value) }));
}
