// Keeps what was typed into a form (data-keep names it) in this tab until it was
// taken: a session that ended in the middle, or a lost network, costs no text.
// Passwords and files are never kept.

const LOGIN = "onewindow.login";
const SENT = "onewindow.sent";
const key = (form: HTMLFormElement) => `onewindow.form:${form.dataset.keep}`;

type Kept = Record<string, string[]>;

function read(form: HTMLFormElement): Kept {
  const kept: Kept = {};
  for (const [name, value] of new FormData(form)) {
    const field = form.elements.namedItem(name);
    if (typeof value !== "string" || (field instanceof HTMLInputElement && ["password", "hidden"].includes(field.type))) continue;
    (kept[name] ??= []).push(value);
  }
  return kept;
}

function restore(form: HTMLFormElement, kept: Kept): boolean {
  let changed = false;
  for (const el of form.elements) {
    if (el instanceof HTMLInputElement && (el.type === "checkbox" || el.type === "radio")) {
      const want = (kept[el.name] ?? []).includes(el.value);
      changed ||= want !== el.checked;
      el.checked = want;
    } else if ((el instanceof HTMLInputElement && !["password", "hidden", "file", "submit"].includes(el.type)) || el instanceof HTMLTextAreaElement || el instanceof HTMLSelectElement) {
      const want = kept[el.name]?.[0];
      if (want === undefined || want === el.value) continue;
      el.value = want;
      changed = true;
    }
  }
  return changed;
}

export function keepForms(): void {
  if (location.pathname === "/login") {
    sessionStorage.setItem(LOGIN, "1");
    return;
  }
  const wasOut = sessionStorage.getItem(LOGIN) !== null;
  sessionStorage.removeItem(LOGIN);
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && !wasOut) sessionStorage.removeItem(sent); // it was taken, or came back with what was typed
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) {
    const kept = sessionStorage.getItem(key(form));
    if (kept && restore(form, JSON.parse(kept) as Kept)) {
      form.querySelector<HTMLElement>("[data-kept]")?.removeAttribute("hidden");
    }
    form.addEventListener("input", () => sessionStorage.setItem(key(form), JSON.stringify(read(form))));
    form.addEventListener("submit", () => {
      sessionStorage.setItem(key(form), JSON.stringify(read(form)));
      sessionStorage.setItem(SENT, key(form));
    });
  }
  for (const out of document.querySelectorAll<HTMLFormElement>("form[action='/logout']")) {
    out.addEventListener("submit", () => sessionStorage.clear());
  }
}
