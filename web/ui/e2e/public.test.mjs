// A citizen: what can be handled here, and is this paper genuine?
import { test, after } from "node:test";
import assert from "node:assert/strict";
import { close, desktop, fairEverywhere, phone, settled, shot, visit } from "./lib.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);
after(close);

test("the guide is public: four stages, search, one item with its checklist", async () => {
  const page = await visit();
  await page.goto("/");
  assert.equal(await page.locator(".stages > li").count(), 4);
  await fairEverywhere(page, "home");
  await shot(page, "home");
  await page.fill("input[type=search]", "消防");
  await page.click("main form button");
  await page.getByRole("link", { name: "特殊建设工程消防验收" }).click();
  assert.ok(await page.locator(".need").count() > 2);
  assert.match(await page.locator("main").innerText(), /法定时限\s*15 个工作日/);
  await fairEverywhere(page, "item");
  await shot(page, "guide");
  await page.goto("/guide?q=没有这种事项");
  assert.match(await page.locator("main").innerText(), /没有找到/);
  await fairEverywhere(page, "search without result");
});

test("the first view takes at most 150 KB over the line", async () => {
  const page = await visit();
  const loaded = [];
  page.on("requestfinished", (r) => loaded.push(r));
  await page.goto("/");
  await settled(page);
  let bytes = 0;
  for (const r of loaded) {
    const s = await r.sizes();
    bytes += s.responseBodySize + s.responseHeadersSize;
  }
  console.log(`first view: ${loaded.length} requests, ${(bytes / 1024).toFixed(1)} KB`);
  assert.ok(loaded.length >= 3 && bytes <= 150 * 1024, `${bytes} bytes`);
});

test("a code answers in one glance on a phone, and a copy is compared without leaving it", async () => {
  const page = await visit("", { viewport: phone });
  const sent = [];
  page.on("request", (r) => { if (r.method() !== "GET") sent.push(r.url()); });
  await page.goto(`/v/${stage.code}`);
  const verdict = page.locator(".verdict");
  assert.equal((await verdict.innerText()).trim(), "该成果真实有效");
  assert.ok((await verdict.boundingBox()).y < phone.height / 2, "the answer is not in sight at once");
  await shot(page, "verify-phone");
  await page.setInputFiles("#compare-file", stage.delivered);
  await page.waitForSelector("#compare-answer.good");
  assert.match(await page.locator("#compare-answer").innerText(), /一致/);
  await page.setInputFiles("#compare-file", { name: "changed.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 changed") });
  await page.waitForSelector("#compare-answer.bad");
  assert.match(await page.locator("#compare-answer").innerText(), /不一致/);
  assert.deepEqual(sent, [], "something was sent");
  await fairEverywhere(page, "verification");
  for (const [code, words] of [["AAAA-BBBB-CCCC", /校验码/], [stage.revoked, /撤销/]]) {
    await page.goto(`/v/${code}`);
    assert.match(await page.locator(".verdict").innerText(), words);
    await fairEverywhere(page, `verification of ${code}`);
  }
  await page.goto("/v");
  await fairEverywhere(page, "verification form");
});

test("help, style guide, login, nothing here, in every theme and in English", async () => {
  const page = await visit();
  const choose = (box, value) => Promise.all([page.waitForNavigation(), page.selectOption(box, value)]);
  for (const path of ["/about", "/styleguide", "/login", "/nothing"]) {
    await page.goto(path);
    await settled(page);
    await fairEverywhere(page, path);
  }
  await page.goto("/styleguide");
  await choose("#pref-theme", "contrast");
  await fairEverywhere(page, "high contrast");
  await choose("#pref-theme", "dark");
  await fairEverywhere(page, "dark by choice");
  await choose("#pref-theme", "auto");
  await page.goto("/");
  await choose("#pref-lang", "en");
  assert.match(await page.locator("h1").innerText(), /window/i);
  await fairEverywhere(page, "home in English");
  await page.setViewportSize(desktop);
});
