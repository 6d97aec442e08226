import { useSearchParams } from "@solidjs/router";
import type { OpenItem, ReconciliationItem } from "@throughline/api/contract";
import { type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { type OpenRow, createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { one, useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { formatTime } from "../../format/time.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList, type PagedRead } from "../../parts/paged-list.tsx";
import { OpenItemDrawer, toItemKey } from "./open-item-drawer.tsx";
import { createOpenItemsQuery, createReconciliation, listItemFilters } from "./open-items-query.ts";
import { CompanyNote } from "./company-note.tsx";
import { listItemColumns } from "./open-item-columns.tsx";
import { sayUnit } from "./reconciliation-text.ts";
import "./open-items-page.css";

/** The open items of a reconciliation at a cut-off or now, the oldest first. */
export function OpenItemsPage(): JSX.Element {
  const scope = useScope();
  const open = createOpenRow();
  const { id, item } = createReconciliation();
  const query = createOpenItemsQuery();
  const read = createPagedRead(
    () => "/reconciliations/{id}/items" as const,
    () => ({ path: { id: id() }, query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const base = () => `/reconciliations/${encodeURIComponent(id())}`;
  return (
    <ListPage
      title={`Open items of ${item()?.title ?? id()}`}
      note={
        <>
          <ListNote read={read} text={formatNoun(rows().length, "item")} hasMore={read.hasNextPage} />
          <CutoffNote />
        </>
      }
      actions={<a href={scope.linkTo(`${base()}/statement`)}>Statement</a>}
      filters={
        <FilterBar filters={listItemFilters(item())} textLabel="Part of a key">
          <UnitNote />
          <CompanyNote />
          <ExportMenu href={(format) => `/api/v1${base()}/items${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={
        <Show when={open.key()}>
          {(key) => (
            <OpenItemDrawer
              itemKey={key()}
              shown={rows().find((row) => toItemKey(row) === key())}
              reconciliation={id()}
              described={item()}
              asked={{ to: query().to, company: query().company, asOf: query().asOf }}
              closeHref={open.hrefOf(undefined)}
            />
          )}
        </Show>
      }
    >
      <ItemList rows={rows()} read={read} item={item()} open={open} />
    </ListPage>
  );
}

interface ItemListProps {
  rows: readonly OpenItem[];
  read: PagedRead;
  item: ReconciliationItem | undefined;
  open: OpenRow;
}

function ItemList(props: ItemListProps): JSX.Element {
  const isUnknown = () => props.item?.isKept === false;
  const columns = createMemo(() => listItemColumns(props.item));
  return (
    <PagedList<OpenItem>
      what="The open items"
      read={props.read}
      emptyTitle={isUnknown() ? "Nothing was held against anything yet." : "No item is open here."}
      emptyText={
        <p>
          {isUnknown()
            ? "It is not in order, it is not known: none of its events was reconciled."
            : "Both sides agree as far as the filters reach. Clear them to see all items."}
        </p>
      }
      label="Open items"
      rows={props.rows}
      columns={columns()}
      keyOf={toItemKey}
      versionOf={(row) => `${row.value} ${row.class} ${row.cause}`}
      nameOf={(row) => `${row.key.join(" ")}, ${row.value} ${sayUnit(row.unit)}, ${row.class}`}
      hrefOf={(row) => props.open.hrefOf(toItemKey(row))}
      selectedKey={props.open.key()}
    />
  );
}

function CutoffNote(): JSX.Element {
  const [search] = useSearchParams();
  const { zone } = usePreferences();
  return (
    <Show when={one(search.cutoff)}>
      {(at) => (
        <span title={formatTime(at(), zone(), "full")}> open just before {formatTime(at(), zone(), "dated")}</span>
      )}
    </Show>
  );
}

/** The unit that the list is narrowed to; figures lead here with one. */
function UnitNote(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  return (
    <Show when={search.unit !== undefined}>
      <span>
        in {sayUnit(one(search.unit) ?? "")}{" "}
        <button type="button" class="link-button" onClick={() => setSearch({ unit: undefined, open: undefined })}>
          All units
        </button>
      </span>
    </Show>
  );
}
