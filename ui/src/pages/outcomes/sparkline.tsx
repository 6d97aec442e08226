import type { OutcomeItem } from "@throughline/api/contract";
import { For, type JSX } from "solid-js";
import { sayOutcome } from "./outcome-text.ts";
import "./sparkline.css";

const WIDTH = 120;
const HEIGHT = 28;
const EDGE = 3;

interface Point {
  x: number;
  y: number;
}

/** A trend in the size of a word: a line from zero, with gaps where nothing counts. */
export function Sparkline(props: { figure: OutcomeItem }): JSX.Element {
  const lines = () => toLines(props.figure.trend.map(({ value }) => (value === null ? null : Number(value))));
  const label = () => {
    const said = props.figure.trend.map(({ value }) => sayOutcome(value, props.figure.unit));
    return `Trend of ${props.figure.title}: ${said.join(", ")}`;
  };
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label()}
    >
      <path class="sparkline-zero" d={`M0 ${HEIGHT - EDGE}H${WIDTH}`} />
      <For each={lines()}>
        {(line) => (
          <>
            <path d={line.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("")} />
            <For each={line.length === 1 ? line : []}>{({ x, y }) => <circle cx={x} cy={y} r="1.6" />}</For>
          </>
        )}
      </For>
    </svg>
  );
}

/** Runs of neighbouring values as points; the greatest reaches the top, zero lies at the bottom. */
function toLines(values: readonly (number | null)[]): Point[][] {
  const most = Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE);
  const step = values.length > 1 ? (WIDTH - 2 * EDGE) / (values.length - 1) : 0;
  const lines: Point[][] = [];
  let isRunning = false;
  values.forEach((value, index) => {
    if (value === null) {
      isRunning = false;
      return;
    }
    const height = Math.max(0, value / most) * (HEIGHT - 2 * EDGE);
    const point = { x: EDGE + index * step, y: HEIGHT - EDGE - height };
    if (isRunning) lines.at(-1)?.push(point);
    else lines.push([point]);
    isRunning = true;
  });
  return lines;
}
