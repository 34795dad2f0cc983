// Menus of the bar: Escape and a click elsewhere close them, and leaving one by the
// keyboard too. The rest is the browser's own <details>.

export function menus(): void {
  const open = () => [...document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];
  const closeOutside = (at: EventTarget | null) => {
    for (const menu of open()) if (!(at instanceof Node && menu.contains(at))) menu.open = false;
  };
  document.addEventListener("click", (e) => closeOutside(e.target));
  document.addEventListener("focusin", (e) => closeOutside(e.target));
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    for (const menu of open()) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
      menu.open = false;
    }
  });
}
