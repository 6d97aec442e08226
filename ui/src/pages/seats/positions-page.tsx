import { useSearchParams } from "@solidjs/router";
import type { Position, PositionsQuery } from "@throughline/api/contract";
import { type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toJourneyHref } from "../../data/links.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatMeasure } from "../../format/measure.ts";
import { formatNoun } from "../../format/number.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { SeatLinks } from "./seat-frame.tsx";
import "./seats.css";

const KINDS = ["commitment", "owed", "unreceived", "short", "unknown"] as const;
const TITLES: Record<(typeof KINDS)[number], string> = {
  commitment: "Ordered, to come",
  owed: "Received, not invoiced",
  unreceived: "Invoiced, not received",
  short: "Delivered short",
  unknown: "Not known",
};

/** Order lines that bind or owe something, the largest amount first. */
export function PositionsPage(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const scope = useScope();
  const query = createPositionsQuery();
  const read = createPagedRead(
    () => "/positions" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const kind = () => query().kind;
  const title = () => {
    const known = kind();
    return known === undefined ? "Order lines with something open" : TITLES[known];
  };
  return (
    <ListPage
      title={title()}
      note={<ListNote read={read} text={formatNoun(rows().length, "order line")} hasMore={read.hasNextPage} />}
      actions={<SeatLinks />}
      filters={
        <FilterBar filters={FILTERS} textLabel="Part of an order line">
          <Show when={all(search.supplier).length + all(search.currency).length > 0}>
            <span>
              {[...all(search.supplier), ...all(search.currency)].join(", ")}{" "}
              <button
                type="button"
                class="link-button"
                onClick={() => setSearch({ supplier: undefined, currency: undefined })}
              >
                All
              </button>
            </span>
          </Show>
          <ExportMenu href={(format) => `/api/v1/positions${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
    >
      <PagedList<Position>
        what="The order lines"
        read={read}
        emptyTitle="No order line fits."
        emptyText={<p>Order lines stand here while something of them is to come, to be invoiced or to be received.</p>}
        label="Order lines"
        rows={rows()}
        columns={listColumns(kind())}
        keyOf={({ order }) => order}
        versionOf={({ commitment, owed, unreceived }) =>
          [commitment?.value, owed?.worth.value, unreceived?.worth.value].join(" ")
        }
        nameOf={({ order, supplier }) => `${order}, ${supplier}`}
        hrefOf={({ order }) => scope.linkTo(toJourneyHref({ type: "purchase_order_line", id: order }))}
        sorting={{ by: one(search.sort) === "due" ? "due" : "worth", isDescending: one(search.sort) !== "due" }}
        onSort={({ by }) => setSearch({ sort: by === "due" ? "due" : undefined })}
      />
    </ListPage>
  );
}

const FILTERS = [
  { name: "kind", title: "Kind", choices: KINDS.map((value) => ({ value, title: TITLES[value] })) },
  { name: "overdue", title: "Due", choices: [{ value: "yes", title: "Overdue" }] },
];

type Kind = (typeof KINDS)[number];

/** The columns of a kind: how much of it, and what that is worth; of all kinds, each of them. */
function listColumns(kind: Kind | undefined): Column<Position>[] {
  return [...NAMING, ...(kind === undefined ? ANY : OF_KIND[kind]), DUE];
}

const toText = (
  id: string,
  title: string,
  read: (row: Position) => string,
): Pick<Column<Position>, "id" | "title" | "cell"> => ({
  id,
  title,
  cell: (row) => <span class="seat-cell">{read(row)}</span>,
});
const NAMING: Column<Position>[] = [
  {
    id: "order",
    title: "Order line",
    width: "minmax(120px, 1.4fr)",
    cell: (row) => <span class="mono seat-cell">{row.order}</span>,
  },
  { ...toText("supplier", "Supplier", ({ supplier }) => supplier), width: "minmax(90px, 1fr)", from: 720 },
  { ...toText("item", "Item", ({ item }) => item), width: "minmax(90px, 1fr)", from: 1000 },
  { ...toText("site", "Site", ({ site }) => site), width: "84px", from: 1160 },
];
const DUE: Column<Position> = {
  id: "due",
  title: "Due",
  width: "104px",
  align: "end",
  from: 480,
  sort: "due",
  cell: (row) => <span classList={{ "seat-late": row.isOverdue, nowrap: true }}>{row.dueOn ?? ""}</span>,
};

type Measured = { value: string; unit: string } | { value: string; currency: string };

function toMeasure(
  id: string,
  title: string,
  pick: (row: Position) => Measured | null | undefined,
): Pick<Column<Position>, "id" | "title" | "width" | "align" | "cell"> {
  const say = (row: Position) => {
    const measure = pick(row);
    return measure ? <span class="nowrap">{formatMeasure(measure)}</span> : "";
  };
  return { id, title, width: "136px", align: "end", cell: (row) => say(row) };
}

const COMMITMENT = { ...toMeasure("commitment", "Worth", ({ commitment }) => commitment), sort: "worth" };
const OF_KIND: Record<Kind, Column<Position>[]> = {
  commitment: [{ ...toMeasure("open", "To come", ({ open }) => open), from: 560 }, COMMITMENT],
  owed: [
    { ...toMeasure("owed", "Not invoiced", ({ owed }) => owed?.quantity), from: 560 },
    { ...toMeasure("worth", "Worth", ({ owed }) => owed?.worth), sort: "worth" },
  ],
  unreceived: [
    { ...toMeasure("unreceived", "Not received", ({ unreceived }) => unreceived?.quantity), from: 560 },
    { ...toMeasure("worth", "Worth", ({ unreceived }) => unreceived?.worth), sort: "worth" },
  ],
  short: [toMeasure("short", "Short", ({ short }) => short)],
  unknown: [
    {
      id: "unknown",
      title: "Worth",
      width: "120px",
      align: "end",
      cell: () => <span class="seat-blind">not known</span>,
    },
  ],
};
const ANY: Column<Position>[] = [
  {
    ...COMMITMENT,
    title: "To come",
    cell: (row) => (row.isKnown ? COMMITMENT.cell(row) : <span class="seat-blind">not known</span>),
  },
  { ...toMeasure("owed", "Not invoiced", ({ owed }) => owed?.worth), from: 620 },
  { ...toMeasure("unreceived", "Not received", ({ unreceived }) => unreceived?.worth), from: 860 },
];

function createPositionsQuery() {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo((): Partial<PositionsQuery> => {
    const kind = KINDS.find((known) => known === one(search.kind));
    const text = one(search.q);
    const [suppliers, currencies, companies] = [all(search.supplier), all(search.currency), all(search.company)];
    return {
      ...(kind && { kind }),
      ...(one(search.overdue) === "yes" && { overdue: "yes" as const }),
      ...(one(search.sort) === "due" && { sort: "due" as const }),
      ...(suppliers.length > 0 && { supplier: suppliers }),
      ...(currencies.length > 0 && { currency: currencies }),
      ...(companies.length > 0 && { company: companies }),
      ...(text && { q: text }),
      ...(scope.sites().length > 0 && { site: scope.sites() }),
    };
  });
}
