import { useSearchParams } from "@solidjs/router";
import type { PharmacySeat, Shortage, ShortagesQuery } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { toJourneyHref, toPageHref } from "../../data/links.ts";
import { createPagedRead, createRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import { SeatBody, SeatLinks } from "./seat-frame.tsx";
import { listShortageColumns } from "./shortage-columns.tsx";
import "./seats.css";

const STATES = ["waiting", "at_risk", "overdue", "late", "unknown"] as const;
const TITLES: Record<(typeof STATES)[number], string> = {
  waiting: "Waiting, in time",
  at_risk: "At risk",
  overdue: "Overdue",
  late: "Late",
  unknown: "Not known",
};
const CRITICALITIES = ["critical", "high", "standard"] as const;
const REFRESH_MS = 10_000;

/** What is below par, what is on the way, and when to expect it. */
export function PharmacySeatPage(): JSX.Element {
  const scope = useScope();
  const query = createShortagesQuery();
  const site = () => (scope.sites().length > 0 ? { site: scope.sites() } : {});
  const read = createRead(
    "/seats/pharmacy",
    () => ({ query: site() }),
    () => ({ isKept: true, refreshMs: REFRESH_MS }),
  );
  const list = createPagedRead(
    () => "/seats/pharmacy/shortages" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (list.isSuccess ? list.data.pages.flatMap((page) => page.items) : []));
  return (
    <ListPage
      title="Pharmacy"
      note={<ListNote read={list} text={`${formatNoun(rows().length, "item")} below par`} hasMore={list.hasNextPage} />}
      actions={<SeatLinks />}
      filters={
        <div class="seat-top">
          <SeatBody what="The seat" read={read} seat={read.isSuccess ? read.data : undefined}>
            {(seat) => <Show when={seat.standing}>{(standing) => <Standing standing={standing()} />}</Show>}
          </SeatBody>
          <FilterBar filters={FILTERS} textLabel="Part of an id">
            <ExportMenu href={(format) => `/api/v1/seats/pharmacy/shortages${toQuery({ ...query(), format })}`} />
          </FilterBar>
        </div>
      }
    >
      <PagedList<Shortage>
        what="The shortages"
        read={list}
        emptyTitle="Nothing is below par here."
        emptyText={
          <p>
            As far as its feeds were heard and the filters reach, every item is back on its shelf. Clear the filters to
            see all.
          </p>
        }
        label="Shortages"
        rows={rows()}
        columns={listShortageColumns()}
        keyOf={({ id }) => id}
        versionOf={({ leg, expected, orders }) => `${leg.verdict} ${expected?.on ?? ""} ${orders.length}`}
        nameOf={({ item, location, id }) => `${item ?? id} at ${location ?? "a location that is not stated"}`}
        hrefOf={({ leg }) => scope.linkTo(toJourneyHref(leg.instance))}
      />
    </ListPage>
  );
}

const FILTERS = [
  { name: "state", title: "State", choices: STATES.map((value) => ({ value, title: TITLES[value] })) },
  {
    name: "criticality",
    title: "Criticality",
    choices: CRITICALITIES.map((value) => ({ value, title: value.slice(0, 1).toUpperCase() + value.slice(1) })),
  },
];

/** How many shortages stand where, the worst first; of each how many are critical. */
function Standing(props: { standing: NonNullable<PharmacySeat["standing"]> }): JSX.Element {
  const parts = () => {
    const { critical, late, overdue, atRisk, unknown, waiting } = props.standing;
    return [
      { title: "Late", figure: late, critical: critical.late, tone: "red" },
      { title: "Overdue", figure: overdue, critical: critical.overdue, tone: "red" },
      { title: "At risk", figure: atRisk, critical: critical.atRisk, tone: "amber" },
      { title: "Not known", figure: unknown, critical: critical.unknown, tone: "blind" },
      { title: "Waiting, in time", figure: waiting, critical: critical.waiting, tone: undefined },
    ];
  };
  return (
    <ul class="seat-strip" aria-label="Shortages by how they stand">
      <For each={parts()}>
        {(part) => (
          <li data-tone={part.figure.value > 0 ? part.tone : undefined}>
            <span class="quiet">{part.title}</span>
            <a href={toPageHref(part.figure.href)} aria-label={`${formatCount(part.figure.value)} ${part.title}`}>
              {formatCount(part.figure.value)}
            </a>
            <Show when={part.critical.value > 0 && part.critical.value < part.figure.value}>
              <a class="seat-critical" href={toPageHref(part.critical.href)}>
                {formatCount(part.critical.value)} critical
              </a>
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}

/** The parameters of the list as the URL has them. */
function createShortagesQuery() {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo((): Partial<ShortagesQuery> => {
    const states = STATES.filter((state) => all(search.state).includes(state));
    const criticalities = CRITICALITIES.filter((known) => all(search.criticality).includes(known));
    const text = one(search.q);
    return {
      ...(states.length > 0 && { state: states }),
      ...(criticalities.length > 0 && { criticality: criticalities }),
      ...(text && { q: text }),
      ...(scope.sites().length > 0 && { site: scope.sites() }),
    };
  });
}
