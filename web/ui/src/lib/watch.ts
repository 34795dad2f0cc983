// Live progress by server-sent events. An element with data-watch says where from;
// when the document comes to rest, the part named by data-refresh is fetched anew.
import htmx from "htmx.org";

const resting = ["done", "needs_review", "quarantined", "refused", "failed", "rejected", "cancelled", "purged", "split"];
const seen = new WeakSet<Element>();

interface Progress { state: string; pages: number; pages_read: number }

export function watchAll(): void {
  for (const el of document.querySelectorAll<HTMLElement>("[data-watch]")) {
    if (seen.has(el)) continue;
    seen.add(el);
    watch(el);
  }
}

function watch(el: HTMLElement): void {
  const source = new EventSource(el.dataset.watch!);
  const bar = el.querySelector("progress");
  const text = el.querySelector("[data-text]");
  source.addEventListener("state", (e) => {
    if (!el.isConnected) return source.close();
    const d = JSON.parse((e as MessageEvent<string>).data) as Progress;
    if (bar) {
      bar.max = d.pages || 1;
      bar.value = d.pages_read;
    }
    if (text && d.pages) text.textContent = text.getAttribute("data-text")!.replace("{n}", String(d.pages_read)).replace("{of}", String(d.pages));
    if (!resting.includes(d.state)) return;
    source.close();
    const target = el.dataset.refresh ?? "main";
    void htmx.ajax("get", el.dataset.from ?? location.href, { target, select: target, swap: "outerHTML" });
  });
}
