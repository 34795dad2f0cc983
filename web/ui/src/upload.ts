// Several files at once to one form's address, each with its own progress and
// outcome. Used where a form posts files one by one.

interface Receipt { document_id: string; receipt: string; detail?: string }

class Upload {
  private readonly list: HTMLElement;
  private readonly input: HTMLInputElement;

  constructor(private readonly form: HTMLFormElement) {
    this.list = form.querySelector(".files")!;
    this.input = form.querySelector("input[type='file']")!;
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      void this.all([...(this.input.files ?? [])]);
    });
    const pick = form.querySelector<HTMLElement>(".pick")!;
    for (const on of ["dragenter", "dragover"]) pick.addEventListener(on, (e) => { e.preventDefault(); pick.classList.add("over"); });
    for (const off of ["dragleave", "drop"]) pick.addEventListener(off, () => pick.classList.remove("over"));
    pick.addEventListener("drop", (e) => {
      e.preventDefault();
      void this.all([...(e.dataTransfer?.files ?? [])]);
    });
  }

  private async all(files: File[]): Promise<void> {
    for (const file of files) await this.one(file, this.row(file));
    this.input.value = "";
  }

  private row(file: File): HTMLElement {
    const li = this.list.appendChild(document.createElement("li"));
    const name = li.appendChild(document.createElement("span"));
    name.className = "name";
    name.textContent = file.name;
    const state = li.appendChild(document.createElement("span"));
    state.className = "state";
    state.textContent = this.form.dataset.sending!;
    const bar = li.appendChild(document.createElement("progress"));
    bar.max = file.size || 1;
    bar.setAttribute("aria-label", file.name);
    return li;
  }

  private one(file: File, li: HTMLElement): Promise<void> {
    const state = li.querySelector(".state")!;
    const bar = li.querySelector("progress")!;
    const body = new FormData(this.form);
    body.delete("file");
    body.append("file", file);
    const fail = (text: string) => {
      state.className = "state bad";
      state.textContent = text;
      bar.remove();
    };
    return new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.open("POST", this.form.action);
      xhr.setRequestHeader("Idempotency-Key", crypto.randomUUID?.() ?? String(Math.random()));
      xhr.upload.addEventListener("progress", (e) => { bar.value = e.loaded; });
      xhr.addEventListener("error", () => fail(this.form.dataset.cut!));
      xhr.addEventListener("load", () => {
        let answer: Receipt | undefined;
        try { answer = JSON.parse(xhr.responseText) as Receipt; } catch { /* said below */ }
        if (xhr.status >= 300 || !answer) return fail(answer?.detail ?? this.form.dataset.cut!);
        const link = document.createElement("a");
        link.href = `/documents/${answer.document_id}`;
        link.textContent = file.name;
        li.querySelector(".name")!.replaceChildren(link);
        state.className = "state good";
        state.textContent = `${this.form.dataset.taken!} ${answer.receipt}`;
        bar.remove();
      });
      xhr.addEventListener("loadend", () => resolve());
      xhr.send(body);
    });
  }
}

const known = new WeakSet<HTMLFormElement>();
function start(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-upload]")) {
    if (known.has(form)) continue;
    known.add(form);
    new Upload(form);
  }
}
start();
document.addEventListener("htmx:load", start); // parts that came later
