import { For, type JSX, Show, createSignal } from "solid-js";
import type { ChartData } from "./chart-data.ts";
import { PLOT } from "./chart-option.ts";
import { useChartCursor } from "./chart-cursor.tsx";

const CLICK_PX = 4;

interface ChartPointerProps {
  data: ChartData;
  onBrush: ((fromMs: number, toMs: number) => void) | undefined;
  onOpen: ((atMs: number) => void) | undefined;
}

/** Where an instant of a chart lies, in percent of its width. */
function percentOf(data: ChartData, atMs: number): number {
  return ((atMs - data.fromMs) / (data.toMs - data.fromMs)) * 100;
}

/** Lies over the drawn chart: shows the shared cursor, and turns drags into time ranges and clicks into steps. */
export function ChartPointer(props: ChartPointerProps): JSX.Element {
  const cursor = useChartCursor();
  const [dragFrom, setDragFrom] = createSignal<number>();
  const [dragTo, setDragTo] = createSignal<number>();
  let element: HTMLDivElement | undefined;
  const timeAt = (event: PointerEvent): number => {
    const box = element?.getBoundingClientRect() ?? new DOMRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return props.data.fromMs + share * (props.data.toMs - props.data.fromMs);
  };
  const stepOf = (atMs: number): number => Math.floor(atMs / props.data.stepMs) * props.data.stepMs;
  const finish = (event: PointerEvent): void => {
    const from = dragFrom();
    setDragFrom(undefined);
    setDragTo(undefined);
    if (from === undefined) return;
    const to = timeAt(event);
    const width = element?.getBoundingClientRect().width ?? 1;
    const isClick = (Math.abs(percentOf(props.data, to) - percentOf(props.data, from)) / 100) * width < CLICK_PX;
    if (isClick) props.onOpen?.(stepOf(to));
    else props.onBrush?.(stepOf(Math.min(from, to)), stepOf(Math.max(from, to)) + props.data.stepMs);
  };
  return (
    <div
      class="chart-pointer"
      classList={{ opens: props.onOpen !== undefined }}
      style={{ inset: `${PLOT.top}px ${PLOT.right}px ${PLOT.bottom}px ${PLOT.left}px` }}
      ref={(created) => (element = created)}
      onPointerMove={(event) => {
        cursor.setAtMs(stepOf(timeAt(event)));
        if (dragFrom() !== undefined) setDragTo(timeAt(event));
      }}
      onPointerLeave={() => cursor.setAtMs(undefined)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragFrom(timeAt(event));
      }}
      onPointerUp={finish}
    >
      <Overlays data={props.data} cursorMs={cursor.atMs()} />
      <Show when={props.onBrush !== undefined && dragTo()}>
        {(to) => <Brush data={props.data} fromMs={dragFrom() ?? to()} toMs={to()} />}
      </Show>
    </div>
  );
}

function Overlays(props: { data: ChartData; cursorMs: number | undefined }): JSX.Element {
  const widthOf = (fromMs: number, toMs: number): number => percentOf(props.data, toMs) - percentOf(props.data, fromMs);
  return (
    <>
      <For each={props.data.blind ?? []}>
        {(span) => (
          <div
            class="chart-blind"
            title="A feed was silent in this time: what happened is not known in full."
            style={{ left: `${percentOf(props.data, span.fromMs)}%`, width: `${widthOf(span.fromMs, span.toMs)}%` }}
          />
        )}
      </For>
      <Show when={props.cursorMs}>
        {(atMs) => (
          <div class="chart-cursor" style={{ left: `${percentOf(props.data, atMs() + props.data.stepMs / 2)}%` }} />
        )}
      </Show>
    </>
  );
}

function Brush(props: { data: ChartData; fromMs: number; toMs: number }): JSX.Element {
  const left = () => percentOf(props.data, Math.min(props.fromMs, props.toMs));
  const right = () => percentOf(props.data, Math.max(props.fromMs, props.toMs));
  return <div class="chart-brush" style={{ left: `${left()}%`, width: `${right() - left()}%` }} />;
}
