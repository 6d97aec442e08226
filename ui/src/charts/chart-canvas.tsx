import { type JSX, createEffect, createMemo, createResource, createSignal, onCleanup, onMount } from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import type { ChartData } from "./chart-data.ts";
import { toOption } from "./chart-option.ts";
import { listTicks } from "./chart-ticks.ts";
import type { Engine } from "./engine.ts";
import { createPalette } from "./palette.ts";

const TICK_ROOM = 76;

interface ChartCanvasProps {
  data: ChartData;
  /** Hands out the drawn chart, for its picture. */
  onReady: (engine: Engine) => void;
}

/** The drawn chart. Its engine is loaded when the first chart is shown. */
export function ChartCanvas(props: ChartCanvasProps): JSX.Element {
  const { zone } = usePreferences();
  const palette = createPalette();
  const [width, setWidth] = createSignal(0);
  let element: HTMLDivElement | undefined;
  const [engine] = createResource(async () => {
    const { createEngine } = await import("./engine.ts");
    return element === undefined ? undefined : createEngine(element);
  });
  const ticks = createMemo(() =>
    listTicks(props.data.fromMs, props.data.toMs, { zone: zone(), most: Math.max(2, Math.floor(width() / TICK_ROOM)) }),
  );
  onMount(() => {
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.round(entry?.contentRect.width ?? 0));
      engine.latest?.resize();
    });
    if (element !== undefined) observer.observe(element);
    onCleanup(() => {
      observer.disconnect();
      engine.latest?.dispose();
    });
  });
  createEffect(() => {
    const drawn = engine.latest;
    if (drawn === undefined || width() === 0) return;
    drawn.setOption(toOption(props.data, ticks(), palette()), { notMerge: true });
    props.onReady(drawn);
  });
  return <div class="chart-canvas" ref={(created) => (element = created)} />;
}
