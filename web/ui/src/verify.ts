// Compares a copy by its digest, in the browser: the file goes nowhere.

const box = document.getElementById("compare");
const input = document.getElementById("compare-file") as HTMLInputElement | null;
const answer = document.getElementById("compare-answer");

async function compare(file: File): Promise<void> {
  const say = (kind: string) => {
    answer!.className = `note ${kind === "match" ? "good" : kind === "wait" ? "" : "bad"}`;
    answer!.textContent = box!.dataset[kind]!;
  };
  say("wait");
  try {
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const hex = [...sum].map((b) => b.toString(16).padStart(2, "0")).join("");
    const r = await fetch(`/v1/verifications/${encodeURIComponent(box!.dataset.code!)}?sha256=${hex}`);
    const v = (await r.json()) as { match?: boolean };
    say(v.match ? "match" : "differs");
  } catch {
    say("trouble");
  }
}

if (box && input && answer && globalThis.crypto?.subtle) { // not on plain HTTP from elsewhere
  box.hidden = false;
  input.addEventListener("change", () => {
    if (input.files?.[0]) void compare(input.files[0]);
  });
}
