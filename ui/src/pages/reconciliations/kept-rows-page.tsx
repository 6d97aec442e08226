import { useSearchParams } from "@solidjs/router";
import type { CheckpointRowsQuery, KeptRow, ReconciliationItem } from "@throughline/api/contract";
import { type Accessor, type JSX, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toPageHref } from "../../data/links.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { toTitle } from "../../format/title.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { given } from "./open-items-query.ts";
import { PeriodOf, createCheckpoint } from "./checkpoint-period.tsx";
import {
  AGES,
  CAUSE_TITLES,
  CLASSES,
  CLASS_FACES,
  isCause,
  isClass,
  sayUnit,
  sayValue,
} from "./reconciliation-text.ts";
import "./open-items-page.css";

const KINDS = ["opening", "new", "reopened", "changed", "cleared", "a", "b", "posting", "open"] as const;
const KIND_TITLES: Record<(typeof KINDS)[number], string> = {
  opening: "Opening",
  new: "New",
  reopened: "Reopened",
  changed: "Changed",
  cleared: "Cleared",
  a: "Side a",
  b: "Side b",
  posting: "Posted",
  open: "Open item",
};
const FILTERS = [
  { name: "kind", title: "Kind", choices: KINDS.map((value) => ({ value, title: KIND_TITLES[value] })) },
  { name: "class", title: "Class", choices: CLASSES.map((value) => ({ value, title: CLASS_FACES[value].word })) },
];

const columnsOf = (measure: ReconciliationItem["measure"] | undefined): Column<KeptRow>[] => [
  { id: "kind", title: "What", width: "104px", cell: (row) => KIND_TITLES[row.kind] },
  {
    id: "key",
    title: "Key",
    width: "minmax(140px, 2fr)",
    cell: (row) => <span class="mono item-key">{row.key.length === 0 ? "all of the site" : row.key.join(" / ")}</span>,
  },
  { id: "count", title: "Items", width: "72px", align: "end", from: 480, cell: (row) => formatCount(row.count) },
  {
    id: "gross",
    title: "Gross",
    width: "120px",
    align: "end",
    cell: (row) => sayValue(row.gross, row.unit, measure),
  },
  {
    id: "value",
    title: "Signed",
    width: "120px",
    align: "end",
    from: 900,
    cell: (row) => sayValue(row.value, row.unit, measure),
  },
  { id: "unit", title: "Unit", width: "84px", from: 560, cell: (row) => sayUnit(row.unit) },
  {
    id: "class",
    title: "Class",
    width: "104px",
    from: 680,
    cell: (row) => (isClass(row.class) ? CLASS_FACES[row.class].word : ""),
  },
  {
    id: "cause",
    title: "Cause",
    width: "136px",
    from: 1000,
    cell: (row) => (isCause(row.cause) ? CAUSE_TITLES[row.cause] : ""),
  },
  { id: "site", title: "Site", width: "96px", from: 760, cell: (row) => <span class="quiet">{row.site}</span> },
];

/** The rows that a lock keeps: what the figures of a locked period are made of, whatever was known later. */
export function KeptRowsPage(): JSX.Element {
  const scope = useScope();
  const { path, item, checkpoint } = createCheckpoint();
  const query = createKeptQuery();
  const read = createPagedRead(
    () => "/reconciliations/{id}/checkpoints/{checkpoint}/rows" as const,
    () => ({ path: path(), query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const base = () => `/reconciliations/${encodeURIComponent(path().id)}`;
  const movesOf = (row: KeptRow) => {
    const { from, to } = checkpoint()?.period ?? {};
    return scope.linkTo(`${base()}/moves${toQuery({ from, to, company: checkpoint()?.company, unit: row.unit })}`);
  };
  return (
    <ListPage
      title={`Kept rows of ${item()?.title ?? path().id}`}
      note={
        <>
          <ListNote read={read} text={formatNoun(rows().length, "row")} hasMore={read.hasNextPage} />
          <PeriodOf checkpoint={checkpoint()} />
        </>
      }
      actions={<a href={scope.linkTo(`${base()}/statement`)}>Statement</a>}
      filters={
        <FilterBar filters={FILTERS}>
          <ExportMenu
            href={(format) =>
              `/api/v1${base()}/checkpoints/${encodeURIComponent(path().checkpoint)}/rows${toQuery({ ...query(), format })}`
            }
          />
        </FilterBar>
      }
    >
      <PagedList<KeptRow>
        what="The kept rows"
        read={read}
        emptyTitle="No row is kept here."
        emptyText={<p>A lock keeps the rows of its checkpoint. Clear the filters to see all of them.</p>}
        label="Kept rows"
        rows={rows()}
        columns={columnsOf(item()?.measure)}
        keyOf={(row) => String(row.ordinal)}
        versionOf={(row) => row.body}
        nameOf={(row) => `${toTitle(row.kind)} ${row.key.join(" ")}, ${row.gross} ${sayUnit(row.unit)}`}
        hrefOf={(row) => (row.href === null ? movesOf(row) : scope.linkTo(toPageHref(row.href)))}
      />
    </ListPage>
  );
}

/** The parameters of the list as the URL has them. */
function createKeptQuery(): Accessor<Partial<CheckpointRowsQuery>> {
  const [search] = useSearchParams();
  return createMemo(() => {
    const only = <Value extends string>(allowed: readonly Value[], name: string) =>
      allowed.filter((value) => all(search[name]).includes(value));
    const causes = Object.keys(CAUSE_TITLES).filter(isCause);
    return {
      ...given("unit", all(search.unit)),
      ...given("kind", only(KINDS, "kind")),
      ...given("class", only(CLASSES, "class")),
      ...given("cause", only(causes, "cause")),
      ...given("days", only(AGES, "days")),
    };
  });
}
