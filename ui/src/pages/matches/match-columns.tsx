import type { MatchItem } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import { formatMeasure } from "../../format/measure.ts";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { MatchStateMark } from "./match-state.tsx";
import { countDaysAhead, sayCauses, sayDaysAhead, sayDifference, sayMatch, sayResult } from "./match-text.ts";

const NARROW = 480;

/** The columns of lists of matches; how it stands and why comes first and never goes. */
export function listMatchColumns(): Column<MatchItem>[] {
  return [...NAMING_COLUMNS, ...WORK_COLUMNS];
}

const NAMING_COLUMNS: readonly Column<MatchItem>[] = [
  { id: "state", title: "State", width: "136px", cell: (row) => <RowState row={row} /> },
  {
    id: "cause",
    title: "Why",
    width: "minmax(120px, 1.1fr)",
    from: NARROW,
    cell: (row) => <Cell text={sayCauses(row)} title={row.causes.map(({ code }) => code).join(", ")} />,
  },
  {
    id: "both",
    title: "Match",
    width: "minmax(120px, 1fr)",
    below: NARROW,
    cell: (row) => (
      <Cell text={[sayCauses(row), row.invoice ?? row.order].filter(Boolean).join(" · ")} title={sayMatch(row)} />
    ),
  },
  {
    id: "match",
    title: "Invoice",
    width: "minmax(150px, 1.6fr)",
    from: NARROW,
    cell: (row) => (
      <span class="match-cell mono" title={sayMatch(row)}>
        {row.invoice ?? row.order}
      </span>
    ),
  },
];

const WORK_COLUMNS: readonly Column<MatchItem>[] = [
  {
    id: "difference",
    title: "Differs by",
    width: "minmax(130px, 1fr)",
    from: 1160,
    cell: (row) => <Cell text={row.causes[0] ? sayDifference(row.causes[0]) : ""} />,
  },
  {
    id: "stake",
    title: "Not paid",
    width: "124px",
    align: "end",
    from: 620,
    cell: (row) => <Money row={row} />,
  },
  { id: "next", title: "Next date", width: "128px", from: 760, cell: (row) => <NextDay row={row} /> },
  {
    id: "owner",
    title: "Who",
    width: "minmax(110px, 0.8fr)",
    from: 880,
    cell: (row) => <Cell text={row.work?.takenBy?.name ?? row.work?.owner?.title ?? ""} />,
  },
  {
    id: "supplier",
    title: "Supplier",
    width: "minmax(96px, 0.7fr)",
    from: 1280,
    cell: (row) => <Cell text={row.supplier} />,
  },
  { id: "entered", title: "Entered", width: "88px", from: 980, cell: (row) => <Time at={row.enteredAt} /> },
];

function RowState(props: { row: MatchItem }): JSX.Element {
  return (
    <Show when={props.row.work} fallback={<span class="quiet">{sayResult(props.row)}</span>}>
      {(work) => <MatchStateMark state={work().state} />}
    </Show>
  );
}

function Cell(props: { text: string; title?: string }): JSX.Element {
  return (
    <span class="match-cell" title={props.title ?? props.text}>
      {props.text}
    </span>
  );
}

function Money(props: { row: MatchItem }): JSX.Element {
  const amount = () => (props.row.work ? props.row.work.stake : props.row.amount);
  return <Show when={amount()}>{(known) => <span class="nowrap">{formatMeasure(known())}</span>}</Show>;
}

/** The last day of the discount, or the day on which it is due; late ones stand out. */
export function NextDay(props: { row: MatchItem }): JSX.Element {
  const now = useNow();
  const isOpen = () =>
    props.row.work !== null && props.row.work.state !== "resolved" && props.row.work.state !== "accepted";
  return (
    <Show when={props.row.work?.nextOn ?? props.row.dueOn}>
      {(day) => {
        const days = () => countDaysAhead(day(), now());
        const kind = () => (day() === props.row.discountOn ? "Discount until" : "Due on");
        return (
          <span
            class="nowrap"
            classList={{ "match-late": isOpen() && days() < 0, "match-soon": isOpen() && days() >= 0 && days() <= 3 }}
            title={`${kind()} ${day()}`}
          >
            {day() === props.row.discountOn ? "discount" : "due"} {sayDaysAhead(days())}
          </span>
        );
      }}
    </Show>
  );
}
