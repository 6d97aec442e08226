import type { DriftSeries, ReconciliationItem } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { formatTime } from "../../format/time.ts";
import { sayUnit, sayValue } from "./reconciliation-text.ts";
import { toTrend } from "./trend-shape.ts";
import "./drift-trend.css";

const SIZE = { width: 128, height: 28, edge: 3 };
const SLOW_REFRESH_MS = 10 * 60_000;

type UnitSeries = DriftSeries["units"][number];

interface DriftTrendProps {
  id: string;
  /** The only unit of a reconciliation without open items is whatever its series has, if it has one. */
  unit: string | undefined;
  measure: ReconciliationItem["measure"];
}

/** How the gross of one unit went over the last ninety days, with the places where its level changed. Known of the present only. */
export function DriftTrend(props: DriftTrendProps): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/reconciliations/{id}/drift",
    () => ({ path: { id: props.id }, query: {} }),
    () => ({ isEnabled: scope.asOf() === undefined, refreshMs: SLOW_REFRESH_MS }),
  );
  const series = (): { unit: UnitSeries; zone: string } | undefined => {
    if (!read.isSuccess) return undefined;
    const { units, zone } = read.data;
    const unit =
      props.unit === undefined && units.length === 1 ? units[0] : units.find((one) => one.unit === props.unit);
    return unit && { unit, zone };
  };
  return (
    <Show when={scope.asOf() === undefined} fallback={<span class="quiet">of the present only</span>}>
      <Show when={series()} fallback={<span class="drift-trend-room" />}>
        {(found) => <Spark series={found().unit} zone={found().zone} measure={props.measure} />}
      </Show>
    </Show>
  );
}

function Spark(props: { series: UnitSeries; zone: string; measure: ReconciliationItem["measure"] }): JSX.Element {
  const trend = () => toTrend(props.series, SIZE);
  const words = () => sayTrend(props.series, props);
  return (
    <svg
      class="drift-trend"
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      width={SIZE.width}
      height={SIZE.height}
      role="img"
      aria-label={words()}
    >
      <title>{words()}</title>
      <path class="drift-trend-zero" d={`M0 ${SIZE.height - SIZE.edge}H${SIZE.width}`} />
      <path d={trend().line} />
      <For each={trend().shifts}>
        {({ x, y }) => (
          <>
            <path class="drift-trend-shift" d={`M${x} ${SIZE.edge}V${SIZE.height - SIZE.edge}`} />
            <path class="drift-trend-mark" d={`M${x} ${y - 3}l3 3l-3 3l-3 -3z`} />
          </>
        )}
      </For>
    </svg>
  );
}

/** `EA: gross 4 now, 12 at most; level changed on 3 Mar 2026 from 2 to 9 (1 known change)`. */
function sayTrend(
  { unit, points, changePoints }: UnitSeries,
  { zone, measure }: { zone: string; measure: ReconciliationItem["measure"] },
): string {
  const say = (value: string) => sayValue(value, unit, measure);
  const most = points.reduce((left, { gross }) => (Number(gross) > Number(left) ? gross : left), "0");
  const shifts = changePoints.map(({ at, before, after, changed }) => {
    const known = changed.length === 0 ? "nothing known to have changed" : formatNoun(changed.length, "known change");
    const titles = changed.map(({ title }) => title).join(", ");
    return `level changed on ${formatTime(at, zone, "date")} from ${say(before)} to ${say(after)} (${known}${titles === "" ? "" : `: ${titles}`})`;
  });
  return [`${sayUnit(unit)}: gross ${say(points.at(-1)?.gross ?? "0")} now, ${say(most)} at most`, ...shifts].join(
    "; ",
  );
}
