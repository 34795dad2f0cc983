// Files on their way to an application: many at once, over a line that is cut,
// and across a reload of the page.
import { test, after } from "node:test";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { close, fair, fairEverywhere, shot, visit } from "./lib.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);
after(close);

/** An application of liu's, on the screen. */
async function apply(page) {
  await page.goto("/projects");
  if (await page.locator("#code").isHidden()) await page.locator("summary", { hasText: "登记项目" }).click();
  await page.fill("#code", stage.uploads);
  await page.fill("#pname", "湘江新区图书馆项目");
  await page.selectOption("#type", "SOC");
  await page.selectOption("#division", "430100");
  await page.fill("#builder", "湖南栾屿置业有限公司");
  await page.getByRole("button", { name: "登记项目" }).click();
  await page.waitForURL(/projects\/2/);
  await page.getByRole("button", { name: /我要申报.*施工许可/ }).click();
  await page.waitForURL(/cases\//);
  return page.url();
}

/** A line of so many bytes a second. */
async function narrow(page, speed) {
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: speed });
}

const send = (page) => page.locator("form[data-upload] button").click();
const size = 12 << 20;
const folder = mkdtempSync(join(tmpdir(), "uploads-"));
after(() => rmSync(folder, { recursive: true }));
function large(name) {
  writeFileSync(join(folder, name), randomBytes(size));
  return { name, path: join(folder, name) };
}
const underWay = (page, share) => page.waitForFunction((s) => [...document.querySelectorAll(".files progress")].some((b) => b.value > s * b.max && b.value < b.max), share);

async function documents(page, name) {
  const list = await (await page.request.get("/v1/documents?limit=500")).json();
  return list.documents.filter((d) => d.filename === name);
}

test("twenty files at once, each with its own receipt", async () => {
  const page = await visit("liu");
  await apply(page);
  const one = readFileSync(stage.delivered);
  const files = Array.from({ length: 20 }, (_, i) => ({ name: `材料${i + 1}.pdf`, mimeType: "application/pdf", buffer: Buffer.concat([one, Buffer.from(`\n% ${i}\n`)]) }));
  await page.setInputFiles("[name=file]", files);
  await send(page);
  await page.waitForFunction(() => document.querySelectorAll(".files .state.good").length === 20, undefined, { timeout: 60_000 });
  const said = await page.locator(".files li").allInnerTexts();
  assert.equal(new Set(said.map((t) => /SJ\d+/.exec(t)?.[0])).size, 20, said.join("\n"));
  await shot(page, "uploads");
  await fairEverywhere(page, "twenty uploads");
});

test("an upload through a cut network ends in one document", async () => {
  const page = await visit("liu");
  await page.goto("/projects/" + stage.uploads);
  await page.locator("a[href^='/cases/']").first().click();
  await page.waitForURL(/cases\//);
  await narrow(page, 3 << 20);
  const file = large("断网图纸.pdf");
  await page.setInputFiles("[name=file]", file.path);
  await send(page);
  page.cut = true;
  for (const share of [0.15, 0.5]) {
    await underWay(page, share);
    await page.context().setOffline(true);
    await page.getByText("恢复后自动续传").first().waitFor();
    await page.context().setOffline(false);
    await narrow(page, 3 << 20);
  }
  const row = page.locator(".files li", { hasText: file.name });
  await row.locator(".state.good").waitFor({ timeout: 60_000 });
  const found = await documents(page, file.name);
  assert.equal(found.length, 1);
  assert.equal(found[0].size, size);
  assert.match(await row.innerText(), new RegExp(found[0].receipt));
  await fair(page, "after the cut");

  // The page is left in the middle; the same file chosen again goes on.
  const second = large("重载图纸.pdf");
  await page.setInputFiles("[name=file]", second.path);
  await send(page);
  await underWay(page, 0.3);
  await page.reload();
  await narrow(page, -1);
  const hint = page.locator(".files li", { hasText: second.name });
  await hint.getByText(/已传 [1-9]\d? %/).waitFor();
  await fair(page, "unfinished upload");
  const begun = [];
  page.on("request", (r) => { if (r.method() === "POST" && r.url().endsWith("/v1/uploads")) begun.push(r.url()); });
  await page.setInputFiles("[name=file]", second.path);
  await send(page);
  await hint.locator(".state.good").waitFor({ timeout: 60_000 });
  assert.equal((await documents(page, second.name)).length, 1);
  assert.equal(begun.length, 0, "it began anew instead of going on");
});
