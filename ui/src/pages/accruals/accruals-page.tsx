import { useSearchParams } from "@solidjs/router";
import type { Accrual, AccrualPage } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toPageHref } from "../../data/links.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatMeasure } from "../../format/measure.ts";
import { formatCount, formatMoney, formatNoun } from "../../format/number.ts";
import { formatTime } from "../../format/time.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { createReconciliation } from "../reconciliations/open-items-query.ts";
import "../../parts/field.css";
import "./accruals-page.css";

/** What was received and not invoiced at a cut-off, to be accrued. */
export function AccrualsPage(): JSX.Element {
  const scope = useScope();
  const { id, item } = createReconciliation();
  const query = createAccrualsQuery();
  const read = createPagedRead(
    () => "/reconciliations/{id}/accruals" as const,
    () => ({ path: { id: id() }, query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  const page = () => (read.isSuccess ? read.data.pages[0] : undefined);
  const base = () => `/reconciliations/${encodeURIComponent(id())}`;
  return (
    <ListPage
      title="Accruals"
      note={
        <>
          {item()?.title ?? id()}
          <Show when={page()}>{(known) => <CutoffNote page={known()} />}</Show>,{" "}
          <ListNote read={read} text={formatNoun(rows().length, "line")} hasMore={read.hasNextPage} />
        </>
      }
      actions={
        <>
          <DayChoice />
          <a class="button" href={scope.linkTo(`${base()}/statement${toQuery(pick(query()))}`)}>
            Statement
          </a>
        </>
      }
      filters={
        <AccrualHead page={page()}>
          <ExportMenu href={(format) => `/api/v1${base()}/accruals${toQuery({ ...query(), format })}`} />
        </AccrualHead>
      }
    >
      <PagedList<Accrual>
        what="The accruals"
        read={read}
        emptyTitle={item()?.isKept === false ? "Nothing was held against anything yet." : "Nothing is to be accrued."}
        emptyText={
          <p>
            {item()?.isKept === false
              ? "It is not known what is to be accrued: none of its events was reconciled."
              : "Of what was received by the cut-off, as far as its feeds were heard, all is invoiced."}
          </p>
        }
        label="Accruals"
        rows={rows()}
        columns={COLUMNS}
        keyOf={({ key, unit }) => `${key.join("~")}~${unit}`}
        versionOf={({ quantity, worth }) => `${quantity ?? ""} ${worth?.value ?? ""}`}
        nameOf={({ key, quantity, unit }) => `${key.join(" ")}, ${quantity ?? "quantity not stated"} ${unit}`}
        hrefOf={({ href }) => scope.linkTo(toPageHref(href))}
      />
    </ListPage>
  );
}

const COLUMNS: Column<Accrual>[] = [
  {
    id: "key",
    title: "Key",
    width: "minmax(130px, 2fr)",
    cell: (row) => <span class="mono accrual-cell">{row.key.join(" / ")}</span>,
  },
  {
    id: "quantity",
    title: "Not invoiced",
    width: "112px",
    align: "end",
    cell: (row) => <Quantity row={row} />,
  },
  {
    id: "worth",
    title: "Worth",
    width: "132px",
    align: "end",
    cell: (row) => <Worth row={row} />,
  },
  {
    id: "since",
    title: "Received",
    width: "112px",
    align: "end",
    from: 620,
    cell: (row) => <Time at={row.since} style="minute" />,
  },
  {
    id: "supplier",
    title: "Supplier",
    width: "minmax(90px, 1fr)",
    from: 760,
    cell: (row) => <span class="accrual-cell">{row.supplier}</span>,
  },
  { id: "site", title: "Site", width: "88px", from: 900, cell: ({ site }) => site },
];

function Quantity(props: { row: Accrual }): JSX.Element {
  return (
    <Show when={props.row.quantity} fallback={<span class="quiet">not stated</span>}>
      {(quantity) => formatMeasure({ value: quantity(), unit: props.row.unit })}
    </Show>
  );
}

function Worth(props: { row: Accrual }): JSX.Element {
  return (
    <Show when={props.row.worth} fallback={<span class="quiet">not stated</span>}>
      {(worth) => (
        <span class="nowrap">
          {formatMoney(worth().value, worth().currency)} {worth().currency}
        </span>
      )}
    </Show>
  );
}

function CutoffNote(props: { page: AccrualPage }): JSX.Element {
  const { zone } = usePreferences();
  return (
    <span title={formatTime(props.page.cutoff, zone(), "full")}>
      {" "}
      at {formatTime(props.page.cutoff, zone(), "dated")}
    </span>
  );
}

function AccrualHead(props: { page: AccrualPage | undefined; children: JSX.Element }): JSX.Element {
  return (
    <div class="accrual-head">
      <Show when={props.page}>{(known) => <Totals page={known()} />}</Show>
      <span class="accrual-tools">
        <NarrowNote />
        {props.children}
      </span>
    </div>
  );
}

/** Of the whole list, each currency by itself; what states no amount is counted apart. */
function Totals(props: { page: AccrualPage }): JSX.Element {
  return (
    <ul class="accrual-totals" aria-label="Totals by currency">
      <For each={props.page.totals}>
        {({ currency, lines, value }) => (
          <li>
            <Show when={value !== null && currency} fallback={<strong>no amount stated</strong>}>
              {(known) => (
                <strong>
                  {formatMoney(value ?? "", known())} {known()}
                </strong>
              )}
            </Show>
            <span class="quiet">
              {formatCount(lines)} {lines === 1 ? "line" : "lines"}
            </span>
          </li>
        )}
      </For>
    </ul>
  );
}

/** The cut-off is the end of the fiscal period of a day; now, where it still runs. */
function DayChoice(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  return (
    <label class="accrual-day">
      <span class="quiet">End of the period of</span>
      <input
        class="field"
        type="date"
        value={one(search.on) ?? ""}
        onChange={(event) => setSearch({ on: event.currentTarget.value || undefined })}
      />
    </label>
  );
}

/** What the list is narrowed to by where one came from. */
function NarrowNote(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const narrowed = () => [...all(search.supplier), ...all(search.currency), ...all(search.company)];
  return (
    <Show when={narrowed().length > 0}>
      <span>
        {narrowed().join(", ")}{" "}
        <button
          type="button"
          class="link-button"
          onClick={() => setSearch({ supplier: undefined, currency: undefined, company: undefined })}
        >
          All
        </button>
      </span>
    </Show>
  );
}

function createAccrualsQuery() {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const [on, company] = [one(search.on), one(search.company)];
    const [suppliers, currencies] = [all(search.supplier), all(search.currency)];
    return {
      ...scope.asOfQuery(),
      ...(on && { on }),
      ...(company && { company }),
      ...(suppliers.length > 0 && { supplier: suppliers }),
      ...(currencies.length > 0 && { currency: currencies }),
      ...(scope.sites().length > 0 && { site: scope.sites() }),
    };
  });
}

function pick({ on, company }: { on?: string; company?: string }) {
  return { ...(on && { on }), ...(company && { company }) };
}
