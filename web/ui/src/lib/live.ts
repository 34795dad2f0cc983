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

// What was ticked or typed and not sent yet must not be swept away.
document.addEventListener("input", (e) => (e.target as Element).closest("form")?.setAttribute("data-dirty", ""));

function listen(): EventSource {
  const s = new EventSource("/live");
  let due = 0;
  s.addEventListener("change", () => {
    clearTimeout(due);
    due = window.setTimeout(refresh, 120);
  });
  let cut = false; // what happened meanwhile was not told
  s.addEventListener("error", () => (cut = true));
  s.addEventListener("open", () => {
    if (cut) void refresh();
    cut = false;
  });
  addEventListener("pagehide", () => s.close());
  return s;
}

/** Whether somebody is in the middle of something there, or is being asked: a form that
 * was replaced meanwhile would not be sent, whatever they answer. */
function busy(el: HTMLElement): boolean {
  if (asked()) return true;
  const at = document.activeElement;
  const typing = at !== null && el.contains(at) && at.matches("input:not([type=checkbox], [type=radio], [type=file]), textarea, select");
  return typing || el.querySelector("dialog[open], form[data-dirty]") !== null;
}

const asked = () => document.querySelector("dialog[open]") !== null;
let missed = false; // something happened while somebody was asked

document.addEventListener("close", () => {
  if (!missed) return;
  missed = false;
  window.setTimeout(() => void refresh(), 300); // after what was answered
}, true);

async function refresh(): Promise<void> {
  missed = asked();
  if (missed) return;
  if (document.hidden) {
    document.addEventListener("visibilitychange", () => void refresh(), { once: true });
    return;
  }
  const pages = new Map<string, Document>();
  for (const el of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (busy(el)) continue;
    const from = el.dataset.live || location.pathname + location.search;
    if (!pages.has(from)) {
      const r = await fetch(from).catch(() => null);
      if (!r) return; // cut off: the list is fetched when the stream comes back
      if (!r.ok || new URL(r.url).pathname !== new URL(from, location.href).pathname) return; // logged out meanwhile
      pages.set(from, new DOMParser().parseFromString(await r.text(), "text/html"));
    }
    const fresh = pages.get(from)!.getElementById(el.id);
    if (fresh && el.isConnected && !busy(el)) swap(el, fresh); // asked again: fetching took a while
  }
}

function swap(old: HTMLElement, fresh: HTMLElement): void {
  const at = document.activeElement instanceof HTMLElement && old.contains(document.activeElement) ? document.activeElement : null;
  const focus = at && (at.id ? `#${CSS.escape(at.id)}` : at instanceof HTMLAnchorElement ? `a[href="${CSS.escape(at.getAttribute("href")!)}"]` : "");
  for (const keep of old.querySelectorAll("[hx-preserve]")) fresh.querySelector(`#${CSS.escape(keep.id)}`)?.replaceWith(keep);
  for (const open of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
  old.replaceWith(fresh);
  htmx.process(fresh);
  if (focus) fresh.querySelector<HTMLElement>(focus)?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("onewindow:fresh"));
}
