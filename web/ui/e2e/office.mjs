// What journeys begin with: a case that was applied for, and an item that its unit
// has completed, both through the interface.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ask } from "./lib.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);

export async function until(what, holds) {
  for (let n = 0; n < 240; n++) {
    if (await holds()) return;
    await new Promise((go) => setTimeout(go, 500));
  }
  assert.fail(`never: ${what}`);
}

/** A case of two items, submitted with a paper for each entry, through the interface. */
export async function apply(page, project) {
  await ask(page, "post", "/v1/projects", { code: project, name: "浏阳河畔实验学校项目", type: "SOC", division: "430100", builder: "湖南栾屿置业有限公司", builder_uscc: "91430100DEM0TE0102", contact: "王某", telephone: "0731-80000000" });
  const k = await ask(page, "post", "/v1/cases", { project: project, stage: "S1" });
  await ask(page, "patch", `/v1/cases/${k.id}`, { items: ["HN-S1-01", "HN-S1-15"], answers: { soil_commitment: "false" } });
  const list = await ask(page, "get", `/v1/cases/${k.id}/checklist`);
  for (const e of list.entries.filter((e) => !e.satisfied && e.needed !== "false")) {
    const r = await page.request.post("/v1/documents", { multipart: { project: project, case: k.id, as: "material", material: e.material, file: { name: `${e.name}.pdf`, mimeType: "application/pdf", buffer: readFileSync(stage.delivered) } } });
    assert.ok(r.ok(), await r.text());
  }
  await until("the checklist is complete", async () => (await ask(page, "get", `/v1/cases/${k.id}/checklist`)).complete);
  return ask(page, "post", `/v1/cases/${k.id}/submit`, {});
}

/** The unit accepts, publishes the scanned result and completes the item. */
export async function complete(page, project, item, certificate) {
  await ask(page, "post", `/v1/case-items/${item.id}/accept`, {});
  const r = await page.request.post("/v1/documents", { multipart: { project: project, case: item.case_number, item: item.item, as: "result", file: { name: "备案证明.pdf", mimeType: "application/pdf", buffer: readFileSync(certificate) } } });
  assert.ok(r.ok(), await r.text());
  const { document_id: id } = await r.json();
  const state = async () => (await ask(page, "get", `/v1/documents/${id}`)).state;
  await until("the result is read", async () => ["needs_review", "done"].includes(await state()));
  if (await state() === "needs_review") await ask(page, "post", `/v1/documents/${id}/confirm`, {});
  await until("the result is published", async () => await state() === "done");
  await ask(page, "post", `/v1/case-items/${item.id}/complete`, {});
}
