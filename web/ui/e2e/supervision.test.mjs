// The supervisor's day: figures and trends, limits and urging, the assessment, and
// the goals; each number leads to the case behind it.
import { test, after } from "node:test";
import assert from "node:assert/strict";
import { ask, close, fair, fairEverywhere, settled, shot, visit } from "./lib.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);
after(close);

test("figures by dimension, week by week and by hour, with exports", async () => {
  const page = await visit("sun");
  await page.getByRole("link", { name: "统计与趋势" }).click();
  await page.waitForSelector(".chart[data-chart=trend] svg");
  await fairEverywhere(page, "figures");
  await shot(page, "figures", true);
  const lines = (await ask(page, "get", "/v1/supervision/figures?by=unit")).lines;
  for (const l of lines.slice(0, 3)) assert.match(await page.locator("tbody").first().innerText(), new RegExp(l.name));
  await page.selectOption("#by", "stage");
  await page.selectOption("#order", "overdue");
  await page.getByRole("button", { name: "统计" }).click();
  await page.waitForURL(/by=stage/);
  await fair(page, "figures by stage");
  await page.goto("/supervision/figures?from=2026-12-31&to=2026-01-01");
  assert.match(await page.locator(".note.bad").innerText(), /末日早于首日/);
  await fair(page, "refused period");
  await page.goto("/supervision/figures?from=2001-01-01&to=2001-01-31");
  assert.match(await page.locator("main").innerText(), /这个时段没有办件/);
  await fairEverywhere(page, "figures of nothing");
  await page.goto("/supervision/figures?by=unit");
  for (const [name, kind] of [["CSV", /text\/csv/], ["PDF", /application\/pdf/]]) {
    const r = await page.request.get(await page.getByRole("link", { name }).getAttribute("href"));
    assert.equal(r.status(), 200);
    assert.match(r.headers()["content-type"], kind);
  }
});

test("a limit leads to its case and the trail; whoever answers is urged", async () => {
  const page = await visit("sun");
  await page.goto("/supervision/clocks");
  await fairEverywhere(page, "limits");
  await shot(page, "clocks");
  const row = page.locator("#list tbody tr", { has: page.locator("summary") }).first(); // what is due soon or late
  const href = await row.locator("a.main").getAttribute("href");
  await row.locator("summary", { hasText: "督办" }).click();
  await row.locator("[name=text]").fill("请抓紧办理。");
  await fair(page, "urging");
  await row.getByRole("button", { name: "发出" }).click();
  await page.waitForURL(/light=red/);
  await fairEverywhere(page, "late limits");
  await page.goto("/supervision/clocks");
  assert.match(await page.locator("#list").innerText(), /请抓紧办理。/);
  await page.locator(`a.main[href="${href}"]`).click();
  await page.waitForURL(/case-items/);
  await settled(page);
  await page.goto(`/audit?object=${href.split("/").pop()}`);
  assert.ok(await page.locator("tbody tr").count() > 0, "the trail of the item is empty");
});

test("the assessment is read by supervisors; its weights are the administrator's to change", async () => {
  const page = await visit("sun");
  await page.goto("/supervision/assessment");
  assert.equal(await page.locator("form[action$=weights]").count(), 0, "a supervisor is offered to change weights");
  await fairEverywhere(page, "assessment");
  await shot(page, "assessment");
  const admin = await visit("gao");
  await admin.goto("/supervision/assessment");
  await admin.fill("#late", "70");
  const save = async () => { await admin.getByRole("button", { name: "调整权重" }).click(); await admin.locator("dialog button[value=yes]").click(); };
  await save();
  await admin.waitForSelector(".note.bad");
  assert.match(await admin.locator(".note.bad").innerText(), /之和应为 100/);
  assert.equal(await admin.inputValue("#late"), "70");
  await fairEverywhere(admin, "weights that sum to too much");
  await admin.fill("#deemed", "0");
  await admin.fill("#returned", "0");
  await save();
  await admin.waitForURL(/assessment$/);
  assert.equal((await ask(admin, "get", "/v1/supervision/weights")).late, 70);
});

test("a goal is set and reached", async () => {
  const page = await visit("sun");
  await page.goto("/supervision/milestones");
  await fairEverywhere(page, "goals");
  await page.locator("summary", { hasText: "设定目标" }).click();
  await page.fill("#title", "完成窗口授权");
  await page.fill("#person", "周某");
  await page.fill("#due", new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10));
  await page.selectOption("#unit", "housing");
  if (await page.locator("#division").count()) await page.fill("#division", "430100");
  await page.getByRole("button", { name: "设定", exact: true }).click();
  await page.getByRole("button", { name: /今天完成/ }).first().waitFor();
  await fairEverywhere(page, "open goal");
  await page.getByRole("button", { name: /今天完成/ }).first().click();
  await page.waitForSelector(".state.good");
  await fair(page, "reached goal");
  assert.ok(stage);
});
