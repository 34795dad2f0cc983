// The supervisor's charts. They draw what the tables below them say, in the colours
// of the pages; only those pages load them.
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { axes, paint } from "./lib/chart";

use([BarChart, HeatmapChart, LineChart, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

type Row = Record<string, number | string>;
const rowsOf = <T = Row>(el: HTMLElement) => JSON.parse(el.dataset.rows!) as T[];
const bars = 20; // the longest ranking that is drawn; the table has all

/** What lies on each unit's desk, stacked. */
function units(el: HTMLElement): void {
  const rows = rowsOf(el).reverse();
  const colours = { waiting: "--act", processing: "--edge", paused: "--mark", done: "--good" };
  paint(el, rows.length * 34 + 90, (p) => ({
    ...axes(p, rows.map((r) => String(r.name)), true),
    series: Object.entries(colours).map(([k, colour]) => ({ name: p.words[k] ?? k, type: "bar", stack: "all", barMaxWidth: 20, itemStyle: { color: p.css(colour) }, data: rows.map((r) => r[k]) })),
  }));
}

/** One number of each line, the largest on top. */
function rank(el: HTMLElement): void {
  const key = el.dataset.key!;
  const rows = rowsOf(el).slice(0, bars).reverse();
  paint(el, rows.length * 30 + 60, (p) => ({
    ...axes(p, rows.map((r) => String(r.name || "—")), true),
    series: [{ name: p.words[key] ?? key, type: "bar", barMaxWidth: 18, itemStyle: { color: p.css(key === "overdue" ? "--bad" : "--act") }, data: rows.map((r) => r[key]), label: { show: true, position: "right", color: p.css("--ink"), formatter: (v: { value: unknown }) => String(Math.round(Number(v.value) * 10) / 10) } }],
  }));
}

/** Week by week. */
function trend(el: HTMLElement): void {
  const rows = rowsOf(el);
  const colours = { received: "--act", completed: "--good", overdue: "--bad" };
  paint(el, 280, (p) => ({
    ...axes(p, rows.map((r) => String(r.week)), false),
    series: Object.entries(colours).map(([k, colour]) => ({ name: p.words[k] ?? k, type: "line", symbolSize: 7, lineStyle: { width: 2 }, itemStyle: { color: p.css(colour) }, data: rows.map((r) => r[k]) })),
  }));
}

/** Windows by hours of the day. */
function heat(el: HTMLElement): void {
  const rows = rowsOf<{ name: string; cases: number[] }>(el).slice(0, bars).reverse();
  const hours = JSON.parse(el.dataset.hours!) as number[];
  const most = Math.max(1, ...rows.flatMap((r) => r.cases));
  paint(el, rows.length * 34 + 110, (p) => ({
    legend: { show: false },
    tooltip: { position: "top" },
    grid: { left: 8, right: 16, top: 8, bottom: 48, containLabel: true },
    xAxis: { type: "category", data: hours.map((h) => `${h}:00`), axisLabel: { color: p.css("--soft") }, splitArea: { show: false } },
    yAxis: { type: "category", data: rows.map((r) => r.name), axisLabel: { color: p.css("--ink") } },
    visualMap: { min: 0, max: most, orient: "horizontal", left: "center", bottom: 0, textStyle: { color: p.css("--soft") }, inRange: { color: [p.css("--sunk"), p.css("--act")] } },
    series: [{ name: p.words.cases, type: "heatmap", data: rows.flatMap((r, y) => r.cases.map((n, x) => ({ value: [x, y, n], label: { show: n > 0, formatter: String(n), color: p.css(n > most / 2 ? "--act-ink" : "--ink") } }))), itemStyle: { borderColor: p.css("--paper"), borderWidth: 2 } }],
  }));
}

/** Points of the assessment, out of a hundred. */
function scores(el: HTMLElement): void {
  const rows = rowsOf(el).slice(0, bars).reverse();
  paint(el, rows.length * 30 + 40, (p) => ({
    ...axes(p, rows.map((r) => String(r.name)), true),
    legend: { show: false },
    grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "value", min: 0, max: 100, axisLabel: { color: p.css("--soft") }, splitLine: { lineStyle: { color: p.css("--line") } } },
    series: [{ name: p.words.points, type: "bar", barMaxWidth: 18, data: rows.map((r) => ({ value: r.points, itemStyle: { color: p.css(Number(r.points) >= 90 ? "--good" : Number(r.points) >= 75 ? "--mark" : "--bad") } })) }],
  }));
}

const kinds: Record<string, (el: HTMLElement) => void> = { units, rank, trend, heat, scores };
const drawn = new WeakSet<Element>();

function draw(): void {
  for (const el of document.querySelectorAll<HTMLElement>("[data-chart]")) {
    if (drawn.has(el)) continue;
    drawn.add(el);
    kinds[el.dataset.chart!]?.(el);
  }
}

draw();
document.addEventListener("onewindow:fresh", draw);
