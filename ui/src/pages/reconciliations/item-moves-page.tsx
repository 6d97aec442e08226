import { useSearchParams } from "@solidjs/router";
import type { ItemMove, ItemMovesQuery, ReconciliationItem } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toPageHref } from "../../data/links.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { toTitle } from "../../format/title.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { CompanyNote } from "./company-note.tsx";
import { createReconciliation } from "./open-items-query.ts";
import { sayUnit, sayValue } from "./reconciliation-text.ts";
import "./open-items-page.css";

const KINDS = ["new", "reopened", "changed", "cleared"] as const;
const FILTERS = [{ name: "kind", title: "Kind", choices: KINDS.map((value) => ({ value, title: toTitle(value) })) }];

const columnsOf = (measure: ReconciliationItem["measure"] | undefined): Column<ItemMove>[] => [
  { id: "at", title: "At", width: "128px", cell: (row) => <Time at={row.at} style="minute" /> },
  { id: "kind", title: "What", width: "96px", cell: (row) => toTitle(row.kind) },
  {
    id: "subject",
    title: "Object",
    width: "minmax(150px, 2fr)",
    cell: (row) => <span class="mono item-key">{row.subject.id}</span>,
  },
  {
    id: "type",
    title: "Type",
    width: "minmax(110px, 1fr)",
    from: 760,
    cell: (row) => <span class="quiet item-key">{toTitle(row.subject.type)}</span>,
  },
  { id: "count", title: "Items", width: "64px", align: "end", cell: (row) => formatCount(row.count) },
  {
    id: "value",
    title: "Value",
    width: "116px",
    align: "end",
    from: 420,
    cell: (row) => sayValue(row.value, row.unit, measure),
  },
  { id: "unit", title: "Unit", width: "84px", from: 560, cell: (row) => sayUnit(row.unit) },
  { id: "site", title: "Site", width: "96px", from: 900, cell: (row) => <span class="quiet">{row.site}</span> },
];

/** What opened and cleared items in the time of the page: the rows of a statement's flows. */
export function ItemMovesPage(): JSX.Element {
  const scope = useScope();
  const { id, item } = createReconciliation();
  const query = createMovesQuery();
  const read = createPagedRead(
    () => "/reconciliations/{id}/moves" as const,
    () => ({ path: { id: id() }, query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const base = () => `/reconciliations/${encodeURIComponent(id())}`;
  return (
    <ListPage
      title={`Moves of ${item()?.title ?? id()}`}
      note={<ListNote read={read} text={formatNoun(rows().length, "move")} hasMore={read.hasNextPage} />}
      actions={<a href={scope.linkTo(`${base()}/statement`)}>Statement</a>}
      filters={
        <FilterBar filters={FILTERS}>
          <UnitNote />
          <CompanyNote />
          <ExportMenu href={(format) => `/api/v1${base()}/moves${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
    >
      <PagedList<ItemMove>
        what="The moves"
        read={read}
        emptyTitle="Nothing moved in this time."
        emptyText={
          <p>
            What opens, changes or clears an item stands here by the minute. Choose another time (<kbd>t</kbd>) or clear
            the filters.
          </p>
        }
        label="Moves"
        rows={rows()}
        columns={columnsOf(item()?.measure)}
        keyOf={(row) => [row.at, row.kind, row.unit, row.site, row.subject.id].join(" ")}
        versionOf={(row) => `${row.count} ${row.value}`}
        nameOf={(row) => `${row.subject.id}, ${row.kind}, ${row.value} ${sayUnit(row.unit)}`}
        hrefOf={(row) => scope.linkTo(toPageHref(row.href))}
      />
    </ListPage>
  );
}

function UnitNote(): JSX.Element {
  const [search] = useSearchParams();
  return <Show when={search.unit !== undefined}>in {sayUnit(one(search.unit) ?? "")}</Show>;
}

/** The parameters of the list as the URL has them; without a range it is the current period. */
function createMovesQuery(): Accessor<Partial<ItemMovesQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const { from, to } = scope.query();
    const kinds = KINDS.filter((kind) => all(search.kind).includes(kind));
    const units = all(search.unit);
    const company = one(search.company);
    return {
      ...scope.asOfQuery(),
      ...(company && { company }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(kinds.length > 0 && { kind: kinds }),
      ...(units.length > 0 && { unit: units }),
    };
  });
}
