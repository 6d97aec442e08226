import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, MarkLineComponent, CanvasRenderer]);

/** Draws into an element; its size is followed by `resize`, and `dispose` frees it. */
export function createEngine(element: HTMLElement) {
  return init(element, undefined, { renderer: "canvas" });
}

export type Engine = ReturnType<typeof createEngine>;
