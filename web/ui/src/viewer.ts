// The page of a document, large: zoom and move by mouse, touch and keyboard, and
// the place of every value lit up.

const MIN = 0.5;
const MAX = 6;

class Viewer {
  private zoom = 1;
  private readonly figure: HTMLElement;
  private readonly boxes: SVGSVGElement | null;

  constructor(private readonly desk: HTMLElement) {
    this.figure = desk.querySelector("figure")!;
    this.boxes = desk.querySelector("svg.boxes");
    this.wheel();
    this.drag();
    this.keys();
    document.querySelector("[data-zoom='in']")?.addEventListener("click", () => this.scale(1.25));
    document.querySelector("[data-zoom='out']")?.addEventListener("click", () => this.scale(0.8));
    document.querySelector("[data-zoom='fit']")?.addEventListener("click", () => this.fit());
    document.querySelector("[data-zoom='boxes']")?.addEventListener("click", (e) => {
      const on = this.boxes?.classList.toggle("show") ?? false;
      (e.currentTarget as Element).setAttribute("aria-pressed", String(on));
    });
    const image = desk.querySelector("img")!;
    const loaded = () => document.querySelector(".sheet .wait")?.setAttribute("hidden", "");
    if (image.complete) loaded();
    image.addEventListener("load", loaded);
    image.addEventListener("error", () => {
      loaded();
      document.getElementById("sheet-error")?.removeAttribute("hidden");
    });
    this.fields();
  }

  private scale(by: number, x = this.desk.clientWidth / 2, y = this.desk.clientHeight / 2): void {
    const next = Math.min(MAX, Math.max(MIN, this.zoom * by));
    const left = (this.desk.scrollLeft + x) * (next / this.zoom) - x;
    const top = (this.desk.scrollTop + y) * (next / this.zoom) - y;
    this.zoom = next;
    this.figure.style.width = `${next * 100}%`;
    this.desk.scrollTo(left, top);
    if (next > 1.8) this.sharpen();
  }

  /** Large drawings are shown smaller at first; looked at closely, they come whole. */
  private sharpen(): void {
    const image = this.figure.querySelector("img")!;
    const close = image.dataset.close;
    delete image.dataset.close;
    if (!close || image.naturalWidth >= Number(image.getAttribute("width") ?? 0)) return;
    const whole = new Image();
    whole.addEventListener("load", () => { image.src = whole.src; });
    whole.src = close;
  }

  /** The whole page, as large as it fits. */
  private fit(): void {
    const image = this.figure.querySelector("img")!;
    const ratio = image.clientHeight / Math.max(1, image.clientWidth);
    const width = Math.min(1, this.desk.clientHeight / ratio / this.desk.clientWidth);
    this.scale(Math.max(MIN, this.zoom === 1 ? width : 1) / this.zoom);
    this.desk.scrollTo(0, 0);
  }

  private wheel(): void {
    this.desk.addEventListener("wheel", (e) => {
      if (!e.ctrlKey) return; // plain wheels scroll, as everywhere
      e.preventDefault();
      const r = this.desk.getBoundingClientRect();
      this.scale(e.deltaY < 0 ? 1.15 : 1 / 1.15, e.clientX - r.left, e.clientY - r.top);
    }, { passive: false });
  }

  private drag(): void {
    let from: { x: number; y: number } | null = null;
    this.desk.addEventListener("pointerdown", (e) => {
      if (e.pointerType === "mouse" && e.button === 0) from = { x: e.clientX, y: e.clientY };
    });
    addEventListener("pointerup", () => { from = null; });
    addEventListener("pointermove", (e) => {
      if (!from) return;
      this.desk.scrollBy(from.x - e.clientX, from.y - e.clientY);
      from = { x: e.clientX, y: e.clientY };
    });
  }

  private keys(): void {
    this.desk.addEventListener("keydown", (e) => {
      if (e.ctrlKey || e.metaKey) return;
      if (e.key === "+" || e.key === "=") this.scale(1.25);
      else if (e.key === "-") this.scale(0.8);
      else if (e.key === "0") this.fit();
      else return;
      e.preventDefault();
    });
  }

  private fields(): void {
    for (const el of document.querySelectorAll<HTMLElement>("[data-spot]")) {
      const show = () => this.light(el.dataset.spot!, true);
      el.addEventListener("click", show);
      el.addEventListener("focus", show);
    }
    this.boxes?.addEventListener("click", (e) => {
      const key = (e.target as Element).getAttribute("data-box");
      if (!key) return;
      this.light(key, false);
      const field = document.querySelector<HTMLElement>(`.reading .line[data-key="${CSS.escape(key)}"]`);
      field?.scrollIntoView({ block: "nearest" });
      field?.querySelector<HTMLElement>("input, button")?.focus({ preventScroll: true });
    });
  }

  /** Lights up a value and its place; move brings the place into view. */
  private light(key: string, move: boolean): void {
    for (const el of document.querySelectorAll(".lit")) el.classList.remove("lit");
    document.querySelector(`.reading .line[data-key="${CSS.escape(key)}"]`)?.classList.add("lit");
    const box = this.boxes?.querySelector<SVGRectElement>(`[data-box="${CSS.escape(key)}"]`);
    if (!box) return this.otherPage(key);
    box.classList.add("lit");
    if (!move) return;
    const b = box.getBoundingClientRect();
    const d = this.desk.getBoundingClientRect();
    this.desk.scrollBy({ left: b.left + b.width / 2 - d.left - d.width / 2, top: b.top + b.height / 2 - d.top - d.height / 3 });
  }

  /** The place is on another page: the button leads there. */
  private otherPage(key: string): void {
    const spot = document.querySelector<HTMLElement>(`button[data-spot="${CSS.escape(key)}"]`);
    const page = spot?.dataset.page;
    const link = page && document.querySelector<HTMLAnchorElement>(`.pages-strip a[data-number="${page}"]`);
    if (link && document.activeElement === spot) location.href = `${link.href}#f-${key}`;
  }
}

const desk = document.querySelector<HTMLElement>(".desk");
if (desk) {
  new Viewer(desk);
  if (location.hash === "#split") document.querySelector("#split")?.setAttribute("open", "");
  if (location.hash.startsWith("#f-")) document.querySelector<HTMLElement>(`[data-spot="${CSS.escape(location.hash.slice(3))}"]`)?.click();
}
