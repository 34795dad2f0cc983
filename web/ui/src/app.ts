// What every page has. Pages read and work without it.
import htmx from "htmx.org";
import { keepForms } from "./lib/keep";
import { watchAll } from "./lib/watch";
import { askBefore } from "./lib/ask";
import { liveLists } from "./lib/live";
import { listKeys } from "./lib/listkeys";
import { menus } from "./lib/menus";

htmx.config.allowEval = false; // the policy of the pages forbids it too
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages hold personal data: nothing of them stays in the browser's storage
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

// Whoever was logged out meanwhile gets a whole page, not a login form inside a part.
document.addEventListener("htmx:beforeSwap", (e) => {
  const xhr = (e as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
  if (new URL(xhr.responseURL, location.href).pathname === "/login") {
    e.preventDefault();
    location.reload();
  }
});

const offline = document.getElementById("offline");
if (offline) {
  const show = () => { offline.hidden = navigator.onLine; };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

// Choices that apply at once, with a button for those without scripts.
for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-submit]")) {
  select.addEventListener("change", () => select.form?.requestSubmit());
  select.form?.querySelector("button")?.setAttribute("hidden", "");
}
document.addEventListener("click", (e) => {
  if ((e.target as Element).closest("[data-print]")) print();
});

// A picture that may not be seen, or not yet, leaves its place empty.
document.addEventListener("error", (e) => {
  const image = e.target;
  if (!(image instanceof HTMLImageElement)) return;
  if (image.closest(".thumb")) image.remove();
  if (image.closest("#preview")) {
    image.closest<HTMLElement>("#preview")!.hidden = true;
    document.getElementById("no-preview")?.removeAttribute("hidden");
  }
}, true);

keepForms();
askBefore();
listKeys();
menus();
for (const start of [watchAll, liveLists]) {
  start();
  for (const on of ["htmx:load", "onewindow:fresh"]) document.addEventListener(on, start);
}
