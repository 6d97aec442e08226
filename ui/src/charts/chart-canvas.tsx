import type { EChartsCoreOption } from "echarts/core";
import { type JSX, createEffect, createResource, createSignal, onCleanup, onMount } from "solid-js";
import type { Engine } from "./engine.ts";
import { type Palette, createPalette } from "./palette.ts";

interface ChartCanvasProps {
  /** What the engine is to draw in so many pixels of width. */
  draw: (palette: Palette, width: number) => EChartsCoreOption;
  /** Hands out the drawn chart, for its picture. */
  onReady: (engine: Engine) => void;
}

/** The drawn chart. Its engine is loaded when the first chart is shown. */
export function ChartCanvas(props: ChartCanvasProps): JSX.Element {
  const palette = createPalette();
  const [width, setWidth] = createSignal(0);
  let element: HTMLDivElement | undefined;
  const [engine] = createResource(async () => {
    const { createEngine } = await import("./engine.ts");
    return element === undefined ? undefined : createEngine(element);
  });
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
    drawn.setOption(props.draw(palette(), width()), { notMerge: true });
    props.onReady(drawn);
  });
  return <div class="chart-canvas" ref={(created) => (element = created)} />;
}
