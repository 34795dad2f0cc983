// The supervisor's chart. It draws what the table below it says, in the colours of
// the pages; only this page loads it.
import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

interface Unit { name: string; waiting: number; processing: number; paused: number; done: number }
const kinds = ["waiting", "processing", "paused", "done"] as const;
const colours = { waiting: "--act", processing: "--edge", paused: "--mark", done: "--good" };

const drawn = new WeakSet<Element>();

function draw(): void {
  for (const el of document.querySelectorAll<HTMLElement>("[data-chart=units]")) {
    if (drawn.has(el)) continue;
    drawn.add(el);
    const rows = (JSON.parse(el.dataset.rows!) as Unit[]).reverse();
    const words = JSON.parse(el.dataset.words!) as Record<string, string>;
    const css = getComputedStyle(document.documentElement);
    const colour = (name: string) => css.getPropertyValue(name).trim();
    el.style.height = `${rows.length * 34 + 90}px`;
    const chart = init(el, null, { renderer: "svg" });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: css.getPropertyValue("--sans"), color: colour("--ink") },
      legend: { top: 0, textStyle: { color: colour("--ink") } },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      xAxis: { type: "value", minInterval: 1, axisLabel: { color: colour("--soft") }, splitLine: { lineStyle: { color: colour("--line") } } },
      yAxis: { type: "category", data: rows.map((r) => r.name), axisLabel: { color: colour("--ink") }, axisLine: { lineStyle: { color: colour("--edge") } } },
      series: kinds.map((k) => ({ name: words[k] ?? k, type: "bar" as const, stack: "all", barMaxWidth: 20, itemStyle: { color: colour(colours[k]) }, data: rows.map((r) => r[k]) })),
    });
    addEventListener("resize", () => chart.resize());
  }
}

draw();
document.addEventListener("onewindow:fresh", draw);
