// Lists by keyboard: j and k (or the arrows) move, Enter opens, / goes to the
// search box. Letters typed into fields stay text.

export function listKeys(): void {
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || (e.target as Element).closest("input, textarea, select, dialog, [data-keys]")) return;
    if (e.key === "/") {
      const box = document.querySelector<HTMLElement>("input[type='search']");
      if (box) {
        e.preventDefault();
        box.focus();
      }
      return;
    }
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[e.key];
    const links = [...document.querySelectorAll<HTMLElement>("[data-list] a.main")];
    if (!step || links.length === 0) return;
    if (e.key.startsWith("Arrow") && !links.includes(document.activeElement as HTMLElement)) return; // arrows scroll until a row has the focus
    e.preventDefault();
    const at = links.indexOf(document.activeElement as HTMLElement);
    links[Math.max(0, Math.min(links.length - 1, at + step))]!.focus();
  });
}
