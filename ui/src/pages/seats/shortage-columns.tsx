import type { Shortage } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import { formatMeasure } from "../../format/measure.ts";
import { formatDecimal } from "../../format/number.ts";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { VerdictMark } from "../../parts/verdict-mark.tsx";
import { foretell, formatLateChance } from "../legs/forecast-text.ts";
import { noteOf } from "../legs/leg-text.ts";
import { explainExpected, sayBasis, sayUnexpected } from "./seat-text.ts";

const NARROW = 570;

/** The columns of shortages: how it stands, what and where, and what to expect never go. */
export function listShortageColumns(): Column<Shortage>[] {
  return [...listNaming(), ...listSupply()];
}

function listNaming(): Column<Shortage>[] {
  return [
    { id: "state", title: "State", width: "minmax(186px, 1.1fr)", from: NARROW, cell: (row) => <State row={row} /> },
    {
      id: "verdict",
      title: "State",
      width: "108px",
      below: NARROW,
      cell: (row) => <VerdictMark verdict={row.leg.verdict} />,
    },
    {
      id: "item",
      title: "Item",
      width: "minmax(96px, 1.2fr)",
      cell: (row) => <Cell text={row.item ?? row.id} note={row.location} />,
    },
    {
      id: "location",
      title: "Location",
      width: "minmax(100px, 1fr)",
      from: 900,
      cell: (row) => <Cell text={row.location ?? ""} />,
    },
    { id: "site", title: "Site", width: "84px", from: 1280, cell: (row) => <Cell text={row.leg.site} /> },
    {
      id: "criticality",
      title: "Criticality",
      width: "96px",
      from: 1044,
      cell: (row) => <CriticalityTag criticality={row.leg.criticality} />,
    },
  ];
}

function listSupply(): Column<Shortage>[] {
  return [
    {
      id: "hand",
      title: "On hand / par",
      width: "116px",
      align: "end",
      from: 760,
      cell: (row) => <OnHand row={row} />,
    },
    { id: "expected", title: "Expected", width: "minmax(116px, 1.2fr)", cell: (row) => <Expected row={row} /> },
    {
      id: "orders",
      title: "Order",
      width: "minmax(110px, 1fr)",
      from: 1180,
      cell: (row) => <Cell text={sayOrders(row)} />,
    },
    {
      id: "chance",
      title: "Likely late",
      width: "84px",
      align: "end",
      from: 680,
      cell: (row) => (
        <Show when={row.leg.forecast}>
          {(forecast) => (
            <span class="quiet" title={foretell(row.leg)}>
              {formatLateChance(forecast())}
            </span>
          )}
        </Show>
      ),
    },
    {
      id: "since",
      title: "Below par",
      width: "104px",
      align: "end",
      from: 620,
      cell: (row) => row.leg.startedAt !== null && <Time at={row.leg.startedAt} />,
    },
  ];
}

function State(props: { row: Shortage }): JSX.Element {
  const now = useNow();
  return <VerdictMark verdict={props.row.leg.verdict} note={noteOf(props.row.leg, now())} />;
}

function Cell(props: { text: string; note?: string | null }): JSX.Element {
  return (
    <span class="seat-cell" title={[props.text, props.note ?? ""].filter((text) => text !== "").join(" at ")}>
      {props.text}
    </span>
  );
}

function OnHand(props: { row: Shortage }): JSX.Element {
  return (
    <Show when={props.row.onHand} fallback={<span class="quiet">not stated</span>}>
      {(onHand) => (
        <span class="nowrap">
          {formatDecimal(onHand().value)}
          <Show when={props.row.par} fallback={` ${onHand().unit}`}>
            {(par) => <span class="quiet"> / {formatMeasure(par())}</span>}
          </Show>
        </span>
      )}
    </Show>
  );
}

function Expected(props: { row: Shortage }): JSX.Element {
  return (
    <span class="seat-cell" title={explainExpected(props.row)}>
      <Show when={props.row.expected} fallback={<span class="quiet">{sayUnexpected(props.row)}</span>}>
        {(expected) => (
          <>
            <span classList={{ "seat-late": expected().isOver }}>{expected().on}</span>{" "}
            <span class="quiet">{sayBasis(expected())}</span>
          </>
        )}
      </Show>
    </span>
  );
}

function sayOrders({ orders }: Shortage): string {
  const [first] = orders;
  if (first === undefined) return "";
  const more = orders.length > 1 ? ` and ${orders.length - 1} more` : "";
  return `${first.line}${first.supplier === "" ? "" : `, ${first.supplier}`}${more}`;
}
