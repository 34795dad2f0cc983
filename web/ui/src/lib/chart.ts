// What all charts have in common: the colours and letters of the page, no
// movement, and a size that follows the window.
import { init, type EChartsCoreOption } from "echarts/core";

export interface Paint { css(name: string): string; words: Record<string, string> }

const axis = (p: Paint) => ({ axisLabel: { color: p.css("--soft") }, axisLine: { lineStyle: { color: p.css("--edge") } }, splitLine: { lineStyle: { color: p.css("--line") } } });

/** A horizontal axis of names and one of whole numbers, upright or lying. */
export function axes(p: Paint, names: string[], lying: boolean): EChartsCoreOption {
  const category = { type: "category", data: names, ...axis(p), axisLabel: { color: p.css("--ink") }, splitLine: { show: false } };
  const value = { type: "value", minInterval: 1, ...axis(p) };
  return lying ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
}

export function paint(el: HTMLElement, height: number, option: (p: Paint) => EChartsCoreOption): void {
  const style = getComputedStyle(document.documentElement);
  const p: Paint = { css: (name) => style.getPropertyValue(name).trim(), words: JSON.parse(el.dataset.words ?? "{}") as Record<string, string> };
  el.style.height = `${height}px`;
  const chart = init(el, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: p.css("--sans"), color: p.css("--ink") },
    legend: { top: 0, textStyle: { color: p.css("--ink") } },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    ...option(p),
  });
  addEventListener("resize", () => chart.resize());
}
