// The administrator's house: subscriptions with their dead letters, versions of
// the catalogue, usage and reading quality; the archivist's packages.
import { test, after } from "node:test";
import assert from "node:assert/strict";
import { ask, close, fair, fairEverywhere, shot, visit } from "./lib.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);
after(close);

test("a subscription is made, its secret shown once, tried, paused and ended", async () => {
  const page = await visit("gao");
  await page.locator("a.tile", { hasText: "事件订阅" }).click();
  await fairEverywhere(page, "subscriptions");
  if (await page.locator("#url").isHidden()) await page.locator("summary", { hasText: "新的订阅" }).click();
  await page.fill("#url", "ftp://systems.example/hook");
  await page.fill("#types", "result.*");
  await page.getByRole("button", { name: "订阅", exact: true }).click();
  await page.waitForSelector(".error");
  assert.equal(await page.inputValue("#url"), "ftp://systems.example/hook");
  await fair(page, "refused subscription");
  await page.fill("#url", "https://systems.example/hook");
  await page.fill("#label", "住建系统");
  await page.getByRole("button", { name: "订阅", exact: true }).click();
  const secret = (await page.locator("#secret").innerText()).trim();
  assert.ok(secret.length >= 24, "no secret");
  await fairEverywhere(page, "new subscription");
  const id = (await page.locator(".crumbs .num").innerText()).trim();
  await page.goto(`/admin/webhooks/${id}`);
  assert.ok(!(await page.content()).includes(secret), "the secret is shown again");
  await page.getByRole("button", { name: "试发一次" }).click();
  await page.waitForSelector(".note.bad, .note.good");
  await fair(page, "tried subscription");
  await shot(page, "webhook");
  await page.goto(`/admin/webhooks/${id}?state=dead`);
  await fairEverywhere(page, "no dead letters");
  await page.getByRole("button", { name: "暂停" }).click();
  await page.waitForSelector("h1 .state.calm");
  await fair(page, "paused subscription");
  await page.goto("/admin/webhooks");
  await fairEverywhere(page, "list of subscriptions");
  await page.goto(`/admin/webhooks/${id}`);
  await page.getByRole("button", { name: "取消订阅" }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForURL(/webhooks$/);
  assert.equal((await ask(page, "get", "/v1/webhooks")).webhooks.length, 0);
});

test("versions of the catalogue, usage and quality are looked up", async () => {
  const page = await visit("gao");
  await page.goto("/admin/catalogue");
  const version = (await ask(page, "get", "/v1/catalogue/versions")).versions[0].version;
  assert.match(await page.locator("table").first().innerText(), new RegExp(version.replace(/[.+]/g, "\\$&")));
  await fairEverywhere(page, "versions");
  await page.goto(`/admin/catalogue?from=${encodeURIComponent(version)}&to=${encodeURIComponent(version)}`);
  assert.match(await page.locator("main").innerText(), /没有不同/);
  await fair(page, "compared versions");
  await page.goto("/admin/usage");
  await fairEverywhere(page, "usage");
  await shot(page, "usage");
  await page.goto("/admin/usage?day=2001-01-01");
  assert.match(await page.locator("main").innerText(), /这一天没有收件/);
  await fair(page, "usage of nothing");
  await page.goto("/admin/quality");
  await fairEverywhere(page, "reading quality");
  await page.goto("/admin");
  await shot(page, "admin");
  await fairEverywhere(page, "administration");
});

test("models of types are trained, judged in shadow, and thresholds set", async () => {
  const page = await visit("gao");
  await page.locator("a.tile", { hasText: "识别与学习" }).click();
  await fairEverywhere(page, "learning with nothing learned");
  await page.getByRole("button", { name: "训练新模型" }).click();
  await page.waitForSelector("tbody tr");
  await page.getByRole("button", { name: "评估", exact: true }).click();
  await page.waitForSelector("tbody form[action$=promote]");
  await fairEverywhere(page, "model in shadow");
  await page.getByRole("button", { name: "采用", exact: true }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector(".note.bad");
  assert.match(await page.locator(".note.bad").innerText(), /至少需要 30 份/);
  await fair(page, "model refused");
  await page.getByRole("button", { name: "重新计算" }).click();
  await page.waitForSelector("section:nth-of-type(2) tbody tr");
  await page.selectOption("#code", "rd-construction-permit");
  await page.fill("#threshold", "0.3");
  await page.getByRole("button", { name: "设定" }).click();
  await page.waitForSelector(".error");
  assert.equal(await page.inputValue("#threshold"), "0.3");
  await page.fill("#threshold", "0.9");
  await page.getByRole("button", { name: "设定" }).click();
  await page.waitForFunction(() => /0\.90/.test(document.querySelector("main").innerText));
  await fairEverywhere(page, "thresholds");
  await shot(page, "learning", true);
  await page.selectOption("#code", "rd-construction-permit");
  await page.fill("#threshold", "0");
  await page.getByRole("button", { name: "设定" }).click();
  await page.waitForFunction(() => !/0\.90/.test(document.querySelector("main").innerText));
});

test("the wording of a notice is drafted, looked at and published", async () => {
  const page = await visit("gao");
  await page.locator("a.tile", { hasText: "文书模板" }).click();
  await fairEverywhere(page, "notice templates");
  assert.equal(await page.locator("tbody tr").count(), 16);
  await page.getByRole("link", { name: "受理通知书", exact: true }).click();
  await fairEverywhere(page, "notice template");
  const before = await page.inputValue("#body");
  await page.fill("#body", `${before}{没有这个}`);
  await page.getByRole("button", { name: "存草稿" }).click();
  await page.waitForSelector(".error");
  assert.match(await page.locator("main").innerText(), /可用变量/);
  assert.match(await page.inputValue("#body"), /没有这个/);
  await fair(page, "refused template");
  await page.fill("#body", `${before}\n请妥善保管本通知书。`);
  await page.getByRole("button", { name: "存草稿" }).click();
  await page.waitForSelector("h1 .state.warn");
  await fairEverywhere(page, "template with a draft");
  await shot(page, "notice-template");
  const pdf = await page.request.get(await page.getByRole("link", { name: "预览草稿" }).getAttribute("href"));
  assert.equal(pdf.headers()["content-type"], "application/pdf");
  await page.getByRole("button", { name: "发布草稿" }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector("h1:not(:has(.state))");
  assert.match(await page.locator(".head").innerText(), /第 1 版/);
  await fair(page, "published template");
});

test("the archivist starts at the packages", async () => {
  const page = await visit("arch");
  assert.match(page.url(), /archive$/);
  await fairEverywhere(page, "archive");
  await shot(page, "archive");
  const clerk = await visit("wang");
  assert.equal((await clerk.goto("/archive")).status(), 403);
  assert.ok(stage);
});
