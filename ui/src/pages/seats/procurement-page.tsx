import { useSearchParams } from "@solidjs/router";
import type { ProcurementSeat } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import { toPageHref } from "../../data/links.ts";
import { createRead } from "../../data/read.ts";
import { one, useScope } from "../../data/scope.tsx";
import { formatCount, formatMoney, formatPercent } from "../../format/number.ts";
import { formatTime } from "../../format/time.ts";
import { Figure } from "../../parts/figure.tsx";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { type SmallColumn, SmallTable } from "../../parts/small-table.tsx";
import { SeatBody, SeatLinks } from "./seat-frame.tsx";
import { titleOfStage } from "./seat-text.ts";
import "../../parts/button.css";
import "./seats.css";

type Supplier = ProcurementSeat["suppliers"][number];
type Row = Omit<Supplier, "supplier"> & { supplier: string | undefined };
type Stage = Supplier["confirmed"];

const DAY_MS = 86_400_000;
const PERIODS = [7, 28, 91] as const;
const DEFAULT_DAYS = 28;
const REFRESH_MS = 30_000;

/** How suppliers confirm, ship, deliver and bill. */
export function ProcurementSeatPage(): JSX.Element {
  const [search] = useSearchParams();
  const scope = useScope();
  const now = useNow();
  const days = () => PERIODS.find((period) => String(period) === one(search.days)) ?? DEFAULT_DAYS;
  const query = () => {
    const to = (Math.floor(now() / DAY_MS) + 1) * DAY_MS;
    const sites = scope.sites();
    return {
      from: new Date(to - days() * DAY_MS).toISOString(),
      to: new Date(to).toISOString(),
      ...(sites.length > 0 && { site: sites }),
    };
  };
  const read = createRead(
    "/seats/procurement",
    () => ({ query: query() }),
    () => ({ isKept: true, refreshMs: REFRESH_MS }),
  );
  return (
    <Page
      title="Procurement"
      note={<Show when={read.isSuccess && read.data}>{(seat) => <RangeNote seat={seat()} />}</Show>}
      actions={
        <>
          <PeriodChoice chosen={days()} />
          <SeatLinks />
        </>
      }
    >
      <SeatBody what="The seat" read={read} seat={read.isSuccess ? read.data : undefined}>
        {(seat) => <Suppliers seat={seat} />}
      </SeatBody>
    </Page>
  );
}

function RangeNote(props: { seat: ProcurementSeat }): JSX.Element {
  const range = () => props.seat.range;
  return (
    <>
      {formatTime(range().from, "UTC", "date")} to {formatTime(Date.parse(range().to) - 1, "UTC", "date")} (UTC)
    </>
  );
}

function PeriodChoice(props: { chosen: number }): JSX.Element {
  const [, setSearch] = useSearchParams();
  return (
    <span class="seat-periods" role="group" aria-label="Length of the period">
      <For each={PERIODS}>
        {(days) => (
          <button
            type="button"
            class="button"
            data-look={props.chosen === days ? "plain" : "bare"}
            aria-pressed={props.chosen === days}
            onClick={() => setSearch({ days: days === DEFAULT_DAYS ? undefined : days })}
          >
            {days} days
          </button>
        )}
      </For>
    </span>
  );
}

function Suppliers(props: { seat: ProcurementSeat }): JSX.Element {
  const rows = (): Row[] => {
    const { all, suppliers } = props.seat;
    return all === null ? [] : [{ supplier: undefined, ...all }, ...suppliers];
  };
  return (
    <Section
      title="Supplier execution"
      note="in time, of what was due in the period; overdue, short and on order are of now"
    >
      <SmallTable label="Supplier execution" rows={rows()} columns={listColumns(props.seat)} />
      <For each={props.seat.stages.filter(({ isKept }) => !isKept)}>
        {({ stage, flow, leg }) => (
          <p class="quiet">
            {titleOfStage(stage)} is not followed: the configuration has no leg {leg} in {flow}.
          </p>
        )}
      </For>
    </Section>
  );
}

function listColumns({ stages }: ProcurementSeat): SmallColumn<Row>[] {
  const nameOf = (row: Row) => row.supplier ?? "all suppliers";
  const count = (title: string, pick: (row: Row) => Row["overdue"], tone?: "red" | "amber"): SmallColumn<Row> => ({
    title,
    align: "end",
    cell: (row) => (
      <Figure figure={pick(row)} of={`${title.toLowerCase()}, ${nameOf(row)}`} isExact {...(tone && { tone })} />
    ),
  });
  return [
    {
      title: "Supplier",
      class: "seat-name",
      cell: (row) => (
        <Show when={row.supplier} fallback={<strong>All</strong>}>
          {(name) => name()}
        </Show>
      ),
    },
    ...stages
      .filter(({ isKept }) => isKept)
      .map(({ stage }): SmallColumn<Row> => ({
        title: titleOfStage(stage),
        cell: (row) => <StageCell stage={row[stage]} of={`${titleOfStage(stage)}, ${nameOf(row)}`} />,
      })),
    count("Overdue", ({ overdue }) => overdue, "red"),
    count("Short", ({ short }) => short, "amber"),
    {
      title: "Billed above price",
      align: "end",
      cell: (row) => (
        <ShareCell part={row.overpriced} whole={row.billed} of={`billed above the price, ${nameOf(row)}`} />
      ),
    },
    {
      title: "Off contract",
      align: "end",
      isWide: true,
      cell: (row) => <ShareCell part={row.offContract} whole={row.orders} of={`off contract, ${nameOf(row)}`} />,
    },
    {
      title: "On order",
      align: "end",
      isWide: true,
      cell: (row) => (
        <For each={row.commitments} fallback={<span class="quiet">none</span>}>
          {({ currency, value, lines }) => (
            <a class="seat-amount" href={toPageHref(lines.href)}>
              {formatMoney(value, currency)} {currency}
            </a>
          )}
        </For>
      ),
    },
  ];
}

/** The share in time of what was due, with what is late and what is not known: the latter is never in time. */
function StageCell(props: { stage: Stage; of: string }): JSX.Element {
  return (
    <Show when={props.stage} fallback={<span class="quiet">not followed</span>}>
      {(stage) => {
        const { met, n, href } = stage().compliance;
        const { breached, overdue, unknown } = stage().counts;
        return (
          <span class="seat-stage">
            <Show when={formatPercent(met, n)} fallback={<span class="quiet nowrap">none due</span>}>
              {(percent) => (
                <a href={toPageHref(href)} aria-label={`${percent()} of ${formatCount(n)} in time, ${props.of}`}>
                  {percent()} <span class="quiet">of {formatCount(n)}</span>
                </a>
              )}
            </Show>
            <Show when={breached.value > 0}>
              <a class="seat-late nowrap" href={toPageHref(breached.href)}>
                {formatCount(breached.value)} late
              </a>
            </Show>
            <Show when={overdue.value > 0}>
              <a class="seat-late nowrap" href={toPageHref(overdue.href)}>
                {formatCount(overdue.value)} overdue
              </a>
            </Show>
            <Show when={unknown.value > 0}>
              <a class="seat-blind nowrap" href={toPageHref(unknown.href)}>
                {formatCount(unknown.value)} not known
              </a>
            </Show>
          </span>
        );
      }}
    </Show>
  );
}

function ShareCell(props: { part: Row["billed"]; whole: Row["billed"]; of: string }): JSX.Element {
  return (
    <Show when={props.whole.value > 0} fallback={<span class="quiet">none</span>}>
      <span class="seat-share">
        <Figure figure={props.part} of={props.of} tone="amber" isExact />
        <span class="quiet">of {formatCount(props.whole.value)}</span>
      </span>
    </Show>
  );
}
