// A self-print terminal. Whoever stands there proves themselves by case number and
// pick-up code, typed or read from a QR code, which a reader types too. All that
// the interface tells stays in variables; leaving, or doing nothing for as long as
// the rules of the window say, empties the page and ends the session.

interface Result { id: string; name: string; number: string; item_name: string; printable: boolean }
interface Opened { session?: string; idle_seconds: number; results: Result[] }

const $ = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const words = JSON.parse($("kiosk").dataset.words!) as Record<string, string>;
const form = $<HTMLFormElement>("kiosk-form");
const number = $<HTMLInputElement>("kiosk-number");
const code = $<HTMLInputElement>("kiosk-code");

let session = "";
let idle = 0; // seconds
let until = 0; // when it ends by itself, in milliseconds
let told = 0; // when the service was last told that somebody is here
let paper: HTMLIFrameElement | null = null;

function say(text: string, bad = false): void {
  $("kiosk-say").textContent = text;
  $("kiosk-say").classList.toggle("bad", bad);
}

const header = () => ({ "Kiosk-Session": session });

async function open(): Promise<void> {
  const typed = number.value.trim();
  const body = !code.value && typed.includes(".") ? { qr: typed } : { case_number: typed, code: code.value.trim() };
  number.value = code.value = "";
  const r = await fetch("/v1/kiosk/sessions", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }).catch(() => null);
  number.focus();
  if (!r) return say(words.trouble!, true);
  if (!r.ok) {
    const p = (await r.json().catch(() => ({}))) as { detail?: string; errors?: { message: string }[] };
    return say(r.status === 401 || r.status === 404 ? words.trouble! : (p.errors?.[0]?.message ?? p.detail ?? words.trouble!), true);
  }
  const opened = (await r.json()) as Opened;
  session = opened.session ?? "";
  idle = opened.idle_seconds;
  say("");
  show(opened.results);
  moved();
}

function show(results: Result[]): void {
  $("kiosk-list").replaceChildren(...results.map(row));
  if (!results.length) say(words.none!);
  $("kiosk-open").hidden = true;
  $("kiosk-results").hidden = false;
  $("kiosk-results").focus();
}

function row(result: Result): HTMLElement {
  const li = document.createElement("li");
  const text = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = result.name;
  const more = document.createElement("small");
  more.textContent = `${result.number} ${result.item_name}`;
  text.append(name, more);
  li.append(text);
  if (result.printable) {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = words.print!;
    b.setAttribute("aria-label", `${words.print} ${result.name}`);
    b.addEventListener("click", () => void printed(result, b));
    li.append(b);
  } else {
    const no = document.createElement("small");
    no.textContent = words.unprintable!;
    li.append(no);
  }
  return li;
}

async function printed(result: Result, b: HTMLButtonElement): Promise<void> {
  b.disabled = true;
  const r = await fetch(`/v1/kiosk/results/${encodeURIComponent(result.id)}/print`, { method: "POST", headers: header() }).catch(() => null);
  b.disabled = false;
  if (r?.status === 401) return end(words.out);
  if (!r?.ok) return say(((await r?.json().catch(() => ({}))) as { detail?: string })?.detail ?? words.trouble!, true);
  const file = await r.blob();
  if (!session) return; // left meanwhile
  away();
  const frame = document.createElement("iframe");
  frame.className = "kiosk-paper";
  frame.title = result.name;
  frame.src = URL.createObjectURL(file);
  frame.addEventListener("load", () => frame.contentWindow?.print());
  document.body.append(frame);
  paper = frame;
  say(words.printed!);
}

/** The paper in the frame, and the memory it stands in. */
function away(): void {
  if (!paper) return;
  URL.revokeObjectURL(paper.src);
  paper.remove();
  paper = null;
}

function end(text = words.out!): void {
  if (session) void fetch("/v1/kiosk/session", { method: "DELETE", headers: header(), keepalive: true }).catch(() => null);
  session = "";
  away();
  form.reset();
  $("kiosk-list").replaceChildren();
  $("kiosk-left").textContent = "";
  $("kiosk-results").hidden = true;
  $("kiosk-open").hidden = false;
  say(text);
  number.focus();
}

/** Somebody did something: the time begins anew, here and at the service. */
function moved(): void {
  until = Date.now() + idle * 1000;
  if (!session || Date.now() - told < 5000) return;
  told = Date.now();
  void fetch("/v1/kiosk/session", { headers: header() }).then((r) => { if (r.status === 401 && session) end(); }).catch(() => null);
}

setInterval(() => {
  if (session) {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left <= 0) return end();
    $("kiosk-left").textContent = words.left!.replace("{0}", String(left));
  } else if ((number.value || code.value) && Date.now() > until) {
    end(""); // typed, and walked away
  }
}, 500);

// Until somebody is known, what was typed stays no longer than a minute.
for (const on of ["pointerdown", "keydown"]) {
  document.addEventListener(on, () => session ? moved() : (until = Date.now() + 60_000), { passive: true });
}
addEventListener("pagehide", () => end(""));
form.addEventListener("submit", (e) => {
  e.preventDefault();
  if (!code.value && number.value && !number.value.includes(".")) return code.focus();
  void open();
});
$("kiosk-end").addEventListener("click", () => end());

let field = number;
for (const f of [number, code]) f.addEventListener("focus", () => (field = f));
for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "BJ", "0", words.back!]) {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "quiet";
  b.textContent = key;
  b.addEventListener("click", () => {
    field.value = key === words.back ? field.value.slice(0, -1) : field.value + key;
    field.focus();
  });
  $("kiosk-keys").append(b);
}
