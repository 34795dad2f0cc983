// The counter without a mouse: arrows choose a scan, a number puts it into the
// entry of that number, R turns the picture, U takes it out, M joins two, T takes one apart,
// D deletes the scan, S receives. Two digits typed quickly are one number. Nothing here waits for recognition.
import { confirmed } from "./lib/ask";
import { put } from "./papers";
import htmx from "htmx.org";

const papers = () => [...document.querySelectorAll<HTMLElement>(".pick-list .paper")];
let chosen = ""; // document
let turn = 0;
let marked = ""; // document to be joined with another

function choose(el: HTMLElement | undefined): void {
  if (!el) return;
  for (const p of papers()) p.setAttribute("aria-selected", String(p === el));
  el.closest("[role=listbox]")?.setAttribute("aria-activedescendant", el.id);
  el.scrollIntoView({ block: "nearest" });
  if (chosen !== el.dataset.document) turn = 0;
  chosen = el.dataset.document!;
  show(el);
}

function show(el: HTMLElement): void {
  const figure = document.getElementById("preview");
  const image = figure?.querySelector("img");
  if (!figure || !image) return;
  const has = Number(el.dataset.pages) > 0;
  figure.hidden = !has;
  document.getElementById("no-preview")!.hidden = has;
  const src = `/documents/${el.dataset.document}/pages/1`;
  if (has && !image.src.endsWith(src)) image.src = src;
  image.className = turn ? `turn-${turn}` : "";
}

function step(by: number): void {
  const list = papers();
  const at = list.findIndex((p) => p.dataset.document === chosen);
  choose(list[Math.max(0, Math.min(list.length - 1, at + by))]);
}

let typed = "";
let timer = 0;
function digit(d: string): void {
  typed += d;
  clearTimeout(timer);
  tell(typed);
  const many = document.querySelectorAll(".entry[data-no]").length;
  if (Number(typed) * 10 > many) return assign();
  timer = window.setTimeout(assign, 700);
}

function tell(text: string): void {
  document.querySelector(".typed-no")?.remove();
  if (!text) return;
  const box = document.body.appendChild(document.createElement("div"));
  box.className = "typed-no";
  box.setAttribute("role", "status");
  box.textContent = text;
}

function assign(): void {
  const entry = document.querySelector<HTMLElement>(`.entry[data-no="${Number(typed)}"]`);
  typed = "";
  tell("");
  if (!entry || !chosen) return;
  const list = papers();
  const at = list.findIndex((p) => p.dataset.document === chosen);
  const next = list[at + 1]?.dataset.document ?? chosen;
  void put(chosen, entry.dataset.material!).then(() => { chosen = next; settle(); });
}

async function unfile(): Promise<void> {
  const filing = papers().find((p) => p.dataset.document === chosen)?.dataset.filing;
  const id = document.querySelector<HTMLElement>("#papers")?.dataset.case;
  if (filing && id) await htmx.ajax("post", `/cases/${id}/files/${filing}/remove`, { target: "#case", select: "#case", swap: "outerHTML" });
  settle();
}

/** Takes the chosen scan off the tray, out of its case first; the next one is chosen. */
async function discard(): Promise<void> {
  const list = papers();
  const at = list.findIndex((p) => p.dataset.document === chosen);
  const button = document.querySelector<HTMLButtonElement>("[data-tray=discard]");
  if (at < 0 || !button || !(await confirmed(button.dataset.question!, button.textContent!.trim(), ""))) return;
  const gone = chosen;
  const next = (list[at + 1] ?? list[at - 1])?.dataset.document ?? "";
  if (list[at]!.dataset.filing) await unfile();
  const r = await fetch(`/documents/${gone}/discard`, { method: "POST", body: new URLSearchParams({ reason: button.dataset.reason! }), redirect: "manual" }).catch(() => null);
  if (r?.type !== "opaqueredirect") return tell(button.dataset.refused!);
  chosen = next;
  await htmx.ajax("get", location.pathname, { target: "#case", select: "#case", swap: "outerHTML" });
  settle();
}

/** Joins two scans: the first time M marks one, the second time it joins that one with the chosen one. */
async function join(): Promise<void> {
  const button = document.querySelector<HTMLButtonElement>("[data-tray=join]");
  if (!chosen || !button) return;
  const other = marked;
  mark(other === chosen ? "" : chosen);
  if (!other) return tell(button.dataset.marked!);
  tell("");
  if (other === chosen) return;
  mark("");
  if (!(await confirmed(button.dataset.question!, button.textContent!.trim(), ""))) return;
  const body = new URLSearchParams([other, chosen].sort().map((id) => ["document", id])); // IDs are in order of receipt
  const r = await fetch("/documents/join", { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (r?.type !== "opaqueredirect") return tell(button.dataset.refused!);
  await htmx.ajax("get", location.pathname, { target: "#case", select: "#case", swap: "outerHTML" });
  settle();
}

function mark(document_: string): void {
  marked = document_;
  for (const p of papers()) p.classList.toggle("to-join", p.dataset.document === marked);
}

/** Goes to where the chosen file is taken apart, and comes back by the browser's own way. */
function split(): void {
  if (chosen) location.href = `/documents/${chosen}#split`;
}

function turned(): void {
  turn = (turn + 90) % 360;
  const el = papers().find((p) => p.dataset.document === chosen);
  if (el) show(el);
}

/** After a part was fetched anew: the same scan stays chosen. */
function settle(): void {
  const list = papers();
  choose(list.find((p) => p.dataset.document === chosen) ?? list[0]);
  mark(list.some((p) => p.dataset.document === marked) ? marked : "");
}

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || (e.target as Element).closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog")) return;
  if (/^[0-9]$/.test(e.key)) digit(e.key);
  else if (e.key === "ArrowDown" || e.key === "j") step(1);
  else if (e.key === "ArrowUp" || e.key === "k") step(-1);
  else if (e.key === "r" || e.key === "R") turned();
  else if (e.key === "d" || e.key === "D" || e.key === "Delete") void discard();
  else if (e.key === "m" || e.key === "M") void join();
  else if (e.key === "t" || e.key === "T") split();
  else if (e.key === "u" || e.key === "U") void unfile();
  else if (e.key === "s" || e.key === "S") document.querySelector<HTMLElement>("[data-key=s]")?.click();
  else if (e.key === "Enter" && (e.target as Element).closest(".pick-list, body") && !(e.target as Element).closest("a, button, summary") && chosen) location.href = `/documents/${chosen}`;
  else return;
  e.preventDefault();
});
document.addEventListener("click", (e) => {
  const deed = (e.target as Element).closest<HTMLElement>("[data-tray]")?.dataset.tray;
  if (deed === "turn") turned();
  else if (deed === "unfile") void unfile();
  else if (deed === "split") split();
  else if (deed === "join") void join();
  else if (deed === "discard") void discard();
});
document.addEventListener("click", (e) => choose((e.target as Element).closest<HTMLElement>(".pick-list .paper") ?? undefined));
for (const on of ["htmx:afterSettle", "onewindow:fresh"]) document.addEventListener(on, settle);
settle();
