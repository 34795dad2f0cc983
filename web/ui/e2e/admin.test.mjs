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

test("the archivist starts at the packages", async () => {
  const page = await visit("arch");
  assert.match(page.url(), /archive$/);
  await fairEverywhere(page, "archive");
  await shot(page, "archive");
  const clerk = await visit("wang");
  assert.equal((await clerk.goto("/archive")).status(), 403);
  assert.ok(stage);
});
