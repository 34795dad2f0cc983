// A signature pad. The picture goes into the hidden field when the form is sent;
// whoever cannot draw chooses a signed paper instead. The pad draws in black on
// white in every theme: it is kept as it looks.
import SignaturePad from "signature_pad";

function button(text: string, does: () => void): HTMLButtonElement {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "quiet slim";
  b.textContent = text;
  b.addEventListener("click", does);
  return b;
}

for (const box of document.querySelectorAll<HTMLElement>("[data-signature]")) {
  const words = JSON.parse(box.dataset.words!) as Record<"clear" | "undo" | "label", string>;
  const field = box.querySelector<HTMLInputElement>("input[type=hidden]")!;
  const canvas = document.createElement("canvas");
  canvas.className = "pad";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words.label);
  const row = document.createElement("p");
  row.className = "row mid";
  box.append(canvas, row);
  const pad = new SignaturePad(canvas, { backgroundColor: "#fff", penColor: "#000", minWidth: 1, maxWidth: 3 });
  const keep = () => { field.value = pad.isEmpty() ? "" : canvas.toDataURL("image/png"); };
  pad.addEventListener("endStroke", keep);
  // As many pixels as points: strokes fall where the pen is, and the kept picture
  // stays small. A pad that changes its size keeps what was drawn.
  new ResizeObserver(() => {
    const strokes = pad.toData();
    canvas.width = canvas.clientWidth;
    canvas.height = canvas.clientHeight;
    pad.fromData(strokes);
    keep();
  }).observe(canvas);
  row.append(
    button(words.undo, () => { const strokes = pad.toData(); strokes.pop(); pad.fromData(strokes); keep(); }),
    button(words.clear, () => { pad.clear(); keep(); }),
  );
}
