// Lists that stay current: an element with an id and data-live is fetched anew
// when something happened, without losing the focus inside it.
import htmx from "htmx.org";

const seen = new WeakSet<Element>();
let source: EventSource | null = null;

export function liveLists(): void {
  for (const el of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (seen.has(el)) continue;
    seen.add(el);
    source ??= listen();
  }
}

function listen(): EventSource {
  const s = new EventSource("/live");
  let due = 0;
  s.addEventListener("change", () => {
    clearTimeout(due);
    due = window.setTimeout(refresh, 120);
  });
  addEventListener("pagehide", () => s.close());
  return s;
}

async function refresh(): Promise<void> {
  if (document.hidden) {
    document.addEventListener("visibilitychange", () => void refresh(), { once: true });
    return;
  }
  for (const el of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (el.querySelector("dialog[open]") || el.contains(document.activeElement) && document.activeElement?.matches("input, textarea, select")) continue; // somebody is typing
    const focus = document.activeElement instanceof HTMLAnchorElement && el.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    await htmx.ajax("get", el.dataset.live || location.pathname + location.search, { target: `#${el.id}`, select: `#${el.id}`, swap: "outerHTML" });
    if (focus) document.querySelector<HTMLElement>(`#${el.id} a[href="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }
}
