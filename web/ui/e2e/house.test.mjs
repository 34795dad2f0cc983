// The security officer, the administrator, and whoever may not.
import { test, after } from "node:test";
import { copyFileSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import assert from "node:assert/strict";
import { close, fair, fairEverywhere, shot, visit } from "./lib.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);
after(close);

test("the security officer starts at the quarantine and decides with a reason", async () => {
  const page = await visit("qian");
  assert.match(page.url(), /state=quarantined/);
  await fairEverywhere(page, "quarantine");
  await page.goto(`/documents/${stage.secret}`);
  assert.equal(await page.locator(".sheet").count(), 0, "a picture of a quarantined file is shown");
  await fairEverywhere(page, "quarantined file");
  await shot(page, "quarantine");
  await page.fill("form[action$=purge] [name=reason]", "确为涉密文件");
  await page.getByRole("button", { name: "销毁文件" }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForURL(/state=quarantined/);
  assert.match(await page.locator("main").innerText(), /没有符合条件/);
  await fair(page, "empty quarantine");
});

test("the administrator makes and changes accounts and checks the trail", async () => {
  const page = await visit("gao");
  assert.match(page.url(), /admin$/);
  await fairEverywhere(page, "admin");
  await shot(page, "admin");
  await page.goto("/admin/accounts");
  await fairEverywhere(page, "accounts");
  await page.fill("#name", "newcomer");
  await page.fill("#password", "long enough");
  await page.check("input[value=reviewer]");
  await page.getByRole("button", { name: "建立账号" }).click();
  await page.waitForSelector(".error");
  assert.match(await page.locator("main").innerText(), /须选择所属单位/);
  await fair(page, "refused account");
  await page.selectOption("#unit", "housing");
  await page.fill("#password", "long enough");
  await page.getByRole("button", { name: "建立账号" }).click();
  await page.getByRole("link", { name: "newcomer" }).click();
  await fairEverywhere(page, "account");
  await page.uncheck("[name=active]");
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForSelector(".state.calm");
  await page.goto("/audit");
  await fairEverywhere(page, "audit");
  await page.getByRole("button", { name: "校验留痕链" }).click();
  await page.waitForSelector(".note.good");
  await fair(page, "verified trail");
});

test("a scan in the hot folder appears in the open list by itself", async () => {
  const page = await visit("wang");
  await page.goto("/documents");
  const before = await page.locator("#list tbody tr").count();
  const folder = join(stage.inbox, "changsha", "w03");
  mkdirSync(folder, { recursive: true });
  copyFileSync(stage.delivered, join(folder, "新扫描件.pdf.part"));
  renameSync(join(folder, "新扫描件.pdf.part"), join(folder, "新扫描件.pdf"));
  await page.getByText("新扫描件.pdf").waitFor({ timeout: 30_000 });
  assert.ok(await page.locator("#list tbody tr").count() > before);
  await fair(page, "live list");
});

test("an applicant uploads several files, each with its own outcome, and is refused elsewhere", async () => {
  const page = await visit("liu");
  await page.goto("/documents");
  await fairEverywhere(page, "empty list");
  const paper = (name) => ({ name, mimeType: "application/pdf", buffer: readFileSync(stage.delivered) });
  await page.setInputFiles("[name=file]", [paper("许可证.pdf"), paper('<b onmouseover=alert(1)>.pdf')]);
  await page.locator("form[data-upload] button").click();
  await page.waitForFunction(() => document.querySelectorAll(".files .state.good").length === 2, undefined, { timeout: 30_000 });
  await page.fill("[name=project]", "2404");
  await page.setInputFiles("[name=file]", paper("无项目.pdf"));
  await page.locator("form[data-upload] button").click();
  await page.waitForSelector(".files .state.bad");
  assert.match(await page.locator(".files .state.bad").innerText(), /项目代码不正确/);
  await fair(page, "uploads");
  page.cut = true;
  await page.context().setOffline(true);
  await page.waitForSelector("#offline:not([hidden])");
  await fair(page, "offline");
  await page.context().setOffline(false);
  const no = await page.goto("/admin");
  assert.equal(no.status(), 403);
  await fairEverywhere(page, "no right");
});

test("the bar fits 1280 points; its menus open, close and go by keyboard", async () => {
  for (const name of ["gao", "wang", "li", "sun", "zhou"]) {
    const page = await visit(name, { viewport: { width: 1280, height: 800 } });
    const rows = await page.evaluate(() => new Set([...document.querySelectorAll(".top nav > *")].map((e) => Math.round(e.getBoundingClientRect().bottom))).size);
    assert.equal(rows, 1, `${name}: the bar has ${rows} rows`);
    const menu = page.locator("details.menu summary").last();
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.locator("details.menu[open]").waitFor();
    await fair(page, `open menu of ${name}`);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("details.menu[open]").count(), 0, "Escape closes no menu");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/guide/);
  }
});
