// Papers are dragged onto the entry they belong to. The same is done by choosing
// the entry in a list, for keyboards and those without scripts.
import htmx from "htmx.org";

function section(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#papers[data-case]");
}

export async function put(document_: string, material: string): Promise<void> {
  const id = section()?.dataset.case;
  if (!id) return;
  await htmx.ajax("post", `/cases/${id}/files`, { values: { document: document_, material }, target: "#case", select: "#case", swap: "outerHTML" });
}

let dragged = "";
document.addEventListener("dragstart", (e) => {
  const paper = (e.target as Element).closest<HTMLElement>("[data-document]");
  dragged = paper?.dataset.document ?? "";
  if (dragged) e.dataTransfer?.setData("text/plain", dragged);
});
document.addEventListener("dragend", () => { dragged = ""; });

const entryAt = (e: Event) => dragged ? (e.target as Element).closest<HTMLElement>(".entry[data-material]") : null;
document.addEventListener("dragover", (e) => {
  for (const old of document.querySelectorAll(".entry.over")) old.classList.remove("over");
  const entry = entryAt(e);
  if (!entry) return;
  e.preventDefault();
  entry.classList.add("over");
});
document.addEventListener("drop", (e) => {
  const entry = entryAt(e);
  if (!entry) return;
  e.preventDefault();
  void put(dragged, entry.dataset.material!);
});
