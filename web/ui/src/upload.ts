// Many files at once, each with its own progress and outcome, over lines that
// break: Uppy sends them in pieces (tus) and goes on where it stopped, also when
// the page was left in between and the file is chosen once more.
import Uppy, { type Meta } from "@uppy/core";
import Tus, { type TusBody } from "@uppy/tus";
import { Unfinished, type Kept } from "./lib/unfinished";

interface Receipt { document_id: string; receipt: string; note?: string }
interface Arrival { offset: number; length: number; receipt?: Receipt }

const endpoint = new URL("/v1/uploads", location.href).href;
// At once, then ever slower, for a quarter of an hour; offline it waits as long as that takes.
const delays = [0, 1000, 2000, 4000, 8000, ...Array<number>(60).fill(15_000)];

// Each row tells its person what went wrong; the console has no reader.
const quiet = { debug: () => {}, warn: () => {}, error: () => {} };

class Upload {
  private readonly list: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly rows = new Map<string, HTMLElement>();
  private readonly kept: Unfinished;
  private readonly uppy: Uppy<Meta, TusBody>;

  constructor(private readonly form: HTMLFormElement) {
    this.list = form.querySelector(".files")!;
    this.input = form.querySelector("input[type='file']")!;
    this.kept = new Unfinished(() => this.fields());
    this.uppy = new Uppy<Meta, TusBody>({ autoProceed: true, logger: quiet }).use(Tus, {
      endpoint, limit: 3, chunkSize: 16 << 20, retryDelays: delays,
      urlStorage: this.kept, removeFingerprintOnSuccess: true,
      allowedMetaFields: ["name", "type", ...Object.keys(this.fields())],
      // A quota does not come back within seconds: say so instead of asking again.
      onShouldRetry: (err, _n, _o, next) => err.originalResponse?.getStatus() !== 429 && next(err),
    });
    this.listen();
    this.watchInputs();
    void this.remind();
  }

  /** What the form says of its files, as it stands now. */
  private fields(): Record<string, string> {
    const all: Record<string, string> = {};
    for (const [key, value] of new FormData(this.form)) if (typeof value === "string") all[key] = value;
    return all;
  }

  private watchInputs(): void {
    this.form.addEventListener("submit", (e) => {
      e.preventDefault();
      this.add([...(this.input.files ?? [])]);
    });
    const pick = this.form.querySelector<HTMLElement>(".pick")!;
    for (const on of ["dragenter", "dragover"]) pick.addEventListener(on, (e) => { e.preventDefault(); pick.classList.add("over"); });
    for (const off of ["dragleave", "drop"]) pick.addEventListener(off, () => pick.classList.remove("over"));
    pick.addEventListener("drop", (e) => {
      e.preventDefault();
      this.add([...(e.dataTransfer?.files ?? [])]);
    });
    addEventListener("offline", () => this.say(this.form.dataset.waiting!));
    addEventListener("online", () => this.say(this.form.dataset.sending!));
  }

  private listen(): void {
    this.uppy.on("upload-progress", (file, { bytesUploaded }) => {
      const bar = file && this.rows.get(file.id)?.querySelector("progress");
      if (bar) bar.value = bytesUploaded;
    });
    this.uppy.on("upload-success", (file, { uploadURL }) => {
      const row = file && this.rows.get(file.id);
      if (row) void arrival(uploadURL!).then((a) => a?.receipt ? this.taken(row, a.receipt) : this.failed(row));
    });
    this.uppy.on("upload-error", (file, _err, response) => {
      const row = file && this.rows.get(file.id);
      if (row) this.failed(row, detail((response?.body as TusBody | undefined)?.xhr));
    });
    this.uppy.on("complete", ({ successful, failed }) => {
      for (const file of [...(successful ?? []), ...(failed ?? [])]) this.forget(file.id);
    });
  }

  /** A file that is over may be chosen again. */
  private forget(id: string): void {
    this.rows.delete(id);
    if (this.uppy.getFile(id)) this.uppy.removeFile(id);
  }

  private add(files: File[]): void {
    for (const file of files) {
      for (const li of this.list.querySelectorAll<HTMLElement>("[data-unfinished]")) if (li.dataset.unfinished === file.name) li.remove();
      const row = this.row(file.name, file.size);
      try {
        this.rows.set(this.uppy.addFile({ name: file.name, type: file.type, data: file, meta: this.fields() }), row);
      } catch { // the same file is on its way already
        row.remove();
      }
    }
    this.input.value = "";
  }

  private row(named: string, size: number): HTMLElement {
    const li = this.list.appendChild(document.createElement("li"));
    const name = li.appendChild(document.createElement("span"));
    name.className = "name";
    name.textContent = named;
    const state = li.appendChild(document.createElement("span"));
    state.className = "state";
    state.textContent = navigator.onLine ? this.form.dataset.sending! : this.form.dataset.waiting!;
    const bar = li.appendChild(document.createElement("progress"));
    bar.max = size || 1;
    bar.value = 0;
    bar.setAttribute("aria-label", named);
    return li;
  }

  /** Tells all that are on their way. */
  private say(text: string): void {
    for (const row of this.rows.values()) if (row.querySelector("progress")) row.querySelector(".state")!.textContent = text;
  }

  private taken(li: HTMLElement, receipt: Receipt): void {
    const name = li.querySelector(".name")!;
    const link = document.createElement("a");
    link.href = `/documents/${receipt.document_id}`;
    link.textContent = name.textContent;
    name.replaceChildren(link);
    this.over(li, "good", `${this.form.dataset.taken!} ${receipt.receipt}`);
    if (receipt.note) li.appendChild(document.createElement("small")).textContent = receipt.note;
  }

  private failed(li: HTMLElement, why?: string): void { this.over(li, "bad", why ?? this.form.dataset.cut!); }

  private over(li: HTMLElement, kind: string, text: string): void {
    const state = li.querySelector(".state")!;
    state.className = `state ${kind}`;
    state.textContent = text;
    li.querySelector("progress")?.remove();
  }

  /** After the page was left: what arrived meanwhile, and what can be continued. */
  private async remind(): Promise<void> {
    for (const k of this.kept.ofThisForm()) {
      const a = await arrival(k.uploadUrl!);
      if (!a || a.receipt) await this.kept.removeUpload(k.urlStorageKey);
      if (!a) continue; // expired, or another person's on this machine
      const li = this.row(nameOf(k), a.length);
      if (a.receipt) this.taken(li, a.receipt);
      else {
        li.dataset.unfinished = nameOf(k);
        this.over(li, "warn", this.form.dataset.again!.replace("{0}", `${Math.floor((100 * a.offset) / (a.length || 1))} %`));
      }
    }
  }
}

const nameOf = (k: Kept) => k.metadata.filename ?? k.metadata.name ?? "";

/** Asks how far an upload is; nothing when it is not there, or not ours. */
async function arrival(url: string): Promise<Arrival | undefined> {
  try {
    const r = await fetch(url);
    return r.ok ? await r.json() as Arrival : undefined;
  } catch { return undefined; }
}

/** The sentence of a problem. */
function detail(xhr?: XMLHttpRequest): string | undefined {
  try {
    const p = JSON.parse(xhr!.responseText) as { detail?: string; errors?: { message: string }[] };
    return [p.detail, ...(p.errors ?? []).map((e) => e.message).filter((m) => !/^[\w-]+$/.test(m))].join(" ");
  } catch { return undefined; }
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
