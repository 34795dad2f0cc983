// Asks before what cannot be taken back. The question stands in data-ask of the
// button; the same dialog serves all.

export function askBefore(): void {
  document.addEventListener("click", (e) => {
    const button = (e.target as Element).closest<HTMLButtonElement>("button[data-ask]");
    if (!button || !button.form) return;
    if (!button.form.reportValidity()) {
      e.preventDefault();
      return;
    }
    e.preventDefault();
    e.stopPropagation();
    void confirmed(button.dataset.ask!, button.textContent!.trim(), button.dataset.back ?? "").then((yes) => {
      if (yes) button.form!.requestSubmit(button);
    });
  }, true);
  // requestSubmit clicks nothing, so the question is not asked twice.
}

export function confirmed(question: string, yes: string, no: string): Promise<boolean> {
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = question;
  text.id = "ask-text";
  dialog.setAttribute("aria-labelledby", "ask-text");
  const row = document.createElement("form");
  row.method = "dialog";
  row.className = "row";
  const ok = document.createElement("button");
  ok.value = "yes";
  ok.textContent = yes;
  const back = document.createElement("button");
  back.value = "no";
  back.className = "quiet";
  back.textContent = no || (document.documentElement.lang === "en" ? "Back" : "返回");
  row.append(ok, back);
  dialog.append(text, row);
  document.body.append(dialog);
  dialog.showModal();
  back.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}
