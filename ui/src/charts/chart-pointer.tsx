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
  const percentOf = (atMs: number): number => ((atMs - props.data.fromMs) / (props.data.toMs - props.data.fromMs)) * 100;
  const stepOf = (atMs: number): number => Math.floor(atMs / props.data.stepMs) * props.data.stepMs;
  const finish = (event: PointerEvent): void => {
    const from = dragFrom();
    setDragFrom(undefined);
    setDragTo(undefined);
    if (from === undefined) return;
    const to = timeAt(event);
    const width = element?.getBoundingClientRect().width ?? 1;
    const isClick = (Math.abs(percentOf(to) - percentOf(from)) / 100) * width < CLICK_PX;
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
      <For each={props.data.blind ?? []}>
        {(span) => (
          <div
            class="chart-blind"
            title="Nothing is known of this time: the feed was silent."
            style={{ left: `${percentOf(span.fromMs)}%`, width: `${percentOf(span.toMs) - percentOf(span.fromMs)}%` }}
          />
        )}
      </For>
      <Show when={cursor.atMs()}>
        {(atMs) => <div class="chart-cursor" style={{ left: `${percentOf(atMs() + props.data.stepMs / 2)}%` }} />}
      </Show>
      <Show when={props.onBrush !== undefined && dragTo()}>
        {(to) => (
          <div
            class="chart-brush"
            style={{
              left: `${Math.min(percentOf(to()), percentOf(dragFrom() ?? to()))}%`,
              width: `${Math.abs(percentOf(to()) - percentOf(dragFrom() ?? to()))}%`,
            }}
          />
        )}
      </Show>
    </div>
  );
}
