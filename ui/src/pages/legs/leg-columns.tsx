import type { Leg } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import { type Names } from "../../data/names.ts";
import { toTitle } from "../../format/title.ts";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { StatutoryMark } from "../../parts/statutory-mark.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { VerdictMark } from "../../parts/verdict-mark.tsx";
import { foretell, formatLateChance } from "./forecast-text.ts";
import { noteOf } from "./leg-text.ts";
import "./leg-columns.css";

const NARROW = 570;

/**
 * The columns of every list of legs; what it is and how it stands comes first and never goes. A list of breaches can be
 * sorted by its deadlines, since these date a breach.
 */
export function listLegColumns(names: Names, isSortedByDue: boolean): Column<Leg>[] {
  const foretold = isSortedByDue ? [] : [FORECAST_COLUMN];
  return [
    ...listNamingColumns(names),
    ...listPlaceColumns(names, isSortedByDue),
    ...foretold,
    ...listTimeColumns(isSortedByDue),
  ];
}

/** Of open legs, quietly: an expectation is no verdict. */
const FORECAST_COLUMN: Column<Leg> = {
  id: "forecast",
  title: "Likely late",
  width: "96px",
  align: "end",
  from: 1000,
  sort: "chance",
  cell: (leg) =>
    leg.forecast !== null && (
      <span class="quiet" title={foretell(leg)}>
        {formatLateChance(leg.forecast)}
      </span>
    ),
};

function listNamingColumns(names: Names): Column<Leg>[] {
  return [
    { id: "verdict", title: "State", width: "minmax(186px, 1.1fr)", cell: (leg) => <LegState leg={leg} /> },
    {
      id: "instance",
      title: "Instance",
      width: "minmax(116px, 1.4fr)",
      from: NARROW,
      cell: (leg) => <Identifier value={leg.instance.id} kind={toTitle(leg.instance.type)} />,
    },
    {
      id: "leg",
      title: "Leg",
      width: "minmax(150px, 1.9fr)",
      from: NARROW,
      cell: (leg) => <LegName leg={leg} names={names} />,
    },
    {
      id: "both",
      title: "Leg and instance",
      width: "minmax(128px, 1.4fr)",
      below: NARROW,
      cell: (leg) => (
        <span class="leg-both">
          <LegName leg={leg} names={names} />
          <br />
          <span class="mono quiet">{leg.instance.id}</span>
        </span>
      ),
    },
  ];
}

function listPlaceColumns(names: Names, isWithoutForecast: boolean): Column<Leg>[] {
  return [
    {
      id: "flow",
      title: "Flow",
      width: "minmax(140px, 1.2fr)",
      from: isWithoutForecast ? 1240 : 1380,
      cell: (leg) => <span class="quiet">{names.flowOf(leg.flow)}</span>,
    },
    {
      id: "site",
      title: "Site",
      width: "minmax(80px, 0.7fr)",
      from: 820,
      cell: (leg) => <span>{leg.site === "" ? "Group" : leg.site}</span>,
    },
    {
      id: "criticality",
      title: "Criticality",
      width: "96px",
      from: 940,
      cell: (leg) => <CriticalityTag criticality={leg.criticality} />,
    },
  ];
}

function listTimeColumns(isSortedByDue: boolean): Column<Leg>[] {
  return [
    {
      id: "started",
      title: "Started",
      width: "112px",
      align: "end",
      from: isSortedByDue ? 1060 : 1180,
      cell: (leg) => leg.startedAt !== null && <Time at={leg.startedAt} style="minute" />,
    },
    {
      id: "due",
      title: "Due",
      width: "104px",
      align: "end",
      from: 600,
      ...(isSortedByDue ? { sort: "due" } : {}),
      cell: (leg) => leg.dueAt !== null && <Time at={leg.dueAt} style="minute" />,
    },
  ];
}

function LegName(props: { leg: Leg; names: Names }): JSX.Element {
  return (
    <span>
      {props.names.legOf(props.leg.flow, props.leg.leg)}{" "}
      <Show when={props.names.statutoryOf(props.leg.flow, props.leg.leg)}>
        {(rule) => <StatutoryMark statutory={rule()} isShort />}
      </Show>
    </span>
  );
}

/** A leg's verdict with the time that remains or by how much it is late, moving with the clock. */
export function LegState(props: { leg: Leg }): JSX.Element {
  const now = useNow();
  return (
    <VerdictMark
      verdict={props.leg.verdict}
      note={noteOf(props.leg, now())}
      isCorrected={props.leg.flags.includes("corrected")}
    />
  );
}
