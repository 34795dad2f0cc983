// Three small helpers; every page reads and works without them.
"use strict";

// Live progress: reload once the document comes to rest.
for (const el of document.querySelectorAll("[data-watch]")) {
  const bar = el.querySelector("progress"), text = el.querySelector("#progress");
  const source = new EventSource(el.dataset.watch);
  source.addEventListener("state", (e) => {
    const d = JSON.parse(e.data);
    bar.max = d.pages || 1;
    bar.value = d.pages_read;
    text.textContent = `已识别 ${d.pages_read} / ${d.pages} 页`;
    if (["done", "needs_review", "quarantined", "refused", "failed", "rejected", "cancelled"].includes(d.state)) {
      source.close();
      location.reload();
    }
  });
}

// Upload several files one after the other, each with its own outcome.
const upload = document.getElementById("upload");
if (upload) {
  upload.addEventListener("submit", async (e) => {
    e.preventDefault();
    const list = document.getElementById("uploads");
    for (const file of upload.file.files) {
      const item = list.appendChild(document.createElement("li"));
      item.textContent = `${file.name}：上传中…`;
      const form = new FormData();
      form.append("project", upload.project.value);
      if (upload.as) form.append("as", upload.as.value);
      form.append("file", file);
      try {
        const r = await fetch("/v1/documents", { method: "POST", body: form, headers: { "Idempotency-Key": crypto.randomUUID?.() ?? String(Math.random()) } });
        const body = await r.json();
        if (!r.ok) throw new Error(body.detail);
        item.textContent = "";
        const a = item.appendChild(document.createElement("a"));
        a.href = `/documents/${body.document_id}`;
        a.textContent = `${file.name}：已收件 ${body.receipt}`;
      } catch (err) {
        item.textContent = `${file.name}：${err.message || "网络中断，请重试"}`;
      }
    }
    upload.file.value = "";
  });
}

// Compare a copy by its hash, in the browser: the file goes nowhere.
const compare = document.getElementById("compare");
if (compare && crypto.subtle) {
  compare.hidden = false;
  document.getElementById("compare-file").addEventListener("change", async (e) => {
    const answer = document.getElementById("compare-answer");
    const file = e.target.files[0];
    if (!file) return;
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const hex = [...sum].map((b) => b.toString(16).padStart(2, "0")).join("");
    const r = await fetch(`/v1/verifications/${encodeURIComponent(compare.dataset.code)}?sha256=${hex}`);
    const v = await r.json();
    answer.textContent = v.match ? "一致：与交付文件完全相同" : "不一致：不是交付的文件，或已被改动";
  });
}
