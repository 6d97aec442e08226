import { useSearchParams } from "@solidjs/router";
import type { LateChange, LateChangesQuery, ReconciliationItem } from "@throughline/api/contract";
import { type JSX, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toPageHref } from "../../data/links.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { PeriodOf, createCheckpoint } from "./checkpoint-period.tsx";
import { sayUnit, sayValue } from "./reconciliation-text.ts";
import "./open-items-page.css";

const columnsOf = (item: ReconciliationItem | undefined): Column<LateChange>[] => {
  const say = (value: string | null, unit: string) =>
    value === null ? "not open" : sayValue(value, unit, item?.measure);
  return [
    {
      id: "key",
      title: "Key",
      width: "minmax(140px, 2fr)",
      cell: (row) => <span class="mono item-key">{row.key.join(" / ")}</span>,
    },
    {
      id: "side",
      title: "Stated by",
      width: "minmax(110px, 1fr)",
      from: 900,
      cell: (row) => item?.[row.side] ?? `Side ${row.side}`,
    },
    { id: "locked", title: "By the lock", width: "112px", align: "end", cell: (row) => say(row.locked, row.unit) },
    { id: "known", title: "Known now", width: "112px", align: "end", cell: (row) => say(row.known, row.unit) },
    {
      id: "gross",
      title: "Changes gross by",
      width: "128px",
      align: "end",
      from: 560,
      cell: (row) => say(row.gross, row.unit),
    },
    { id: "unit", title: "Unit", width: "84px", from: 680, cell: (row) => sayUnit(row.unit) },
    { id: "site", title: "Site", width: "96px", from: 760, cell: (row) => <span class="quiet">{row.site}</span> },
  ];
};

/** What is known otherwise of a locked period since: the items that the adjustment after its lock is made of. */
export function AdjustmentsPage(): JSX.Element {
  const [search] = useSearchParams();
  const scope = useScope();
  const { path, item, checkpoint } = createCheckpoint();
  const query = createMemo((): Partial<LateChangesQuery> => {
    const units = all(search.unit);
    return { ...scope.asOfQuery(), ...(units.length > 0 && { unit: units }) };
  });
  const read = createPagedRead(
    () => "/reconciliations/{id}/checkpoints/{checkpoint}/adjustments" as const,
    () => ({ path: path(), query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const base = () => `/reconciliations/${encodeURIComponent(path().id)}`;
  return (
    <ListPage
      title={`Adjustments of ${item()?.title ?? path().id}`}
      note={
        <>
          <ListNote read={read} text={formatNoun(rows().length, "item")} hasMore={read.hasNextPage} />
          <PeriodOf checkpoint={checkpoint()} />
        </>
      }
      actions={<a href={scope.linkTo(`${base()}/statement`)}>Statement</a>}
      filters={
        <FilterBar filters={[]}>
          <ExportMenu
            href={(format) =>
              `/api/v1${base()}/checkpoints/${encodeURIComponent(path().checkpoint)}/adjustments${toQuery({ ...query(), format })}`
            }
          />
        </FilterBar>
      }
    >
      <PagedList<LateChange>
        what="The adjustments"
        read={read}
        emptyTitle="Nothing is known otherwise since the lock."
        emptyText={<p>What arrives late for the locked period, or corrects it, stands here item by item.</p>}
        label="Adjustments"
        rows={rows()}
        columns={columnsOf(item())}
        keyOf={(row) => [row.unit, row.side, row.source, row.id, ...row.key].join(" ")}
        versionOf={(row) => `${row.locked} ${row.known}`}
        nameOf={(row) => `${row.key.join(" ")}, changes the gross by ${row.gross} ${sayUnit(row.unit)}`}
        hrefOf={(row) => scope.linkTo(toPageHref(row.href))}
      />
    </ListPage>
  );
}
