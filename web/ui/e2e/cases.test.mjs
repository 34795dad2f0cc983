// A project's day: the applicant applies, the unit decides, the counter takes
// paper in, the supervisor watches, anybody asks with number and code.
import { test, after } from "node:test";
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, close, fair, fairEverywhere, phone, settled, shot, visit } from "./lib.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);
after(close);
const made = {};

test("applicant: register, tick items, answer, upload, put right, submit", async () => {
  const page = await visit("li");
  assert.match(page.url(), /projects$/);
  await fairEverywhere(page, "no projects");
  if (await page.locator("#code").isHidden()) await page.locator("summary", { hasText: "登记项目" }).click();
  await page.fill("#code", "2404-430100-04-01-1234");
  await page.fill("#pname", "沅澜芸庭小区（一期）项目");
  await page.selectOption("#type", "SOC");
  await page.selectOption("#division", "430100");
  await page.fill("#builder", "湖南栾屿置业有限公司");
  await page.getByRole("button", { name: "登记项目" }).click();
  await page.waitForSelector(".error");
  await fair(page, "refused registration");
  await page.fill("#code", stage.project);
  await page.getByRole("button", { name: "登记项目" }).click();
  await page.waitForURL(/projects\/2/);
  await fairEverywhere(page, "empty board");
  await page.getByRole("button", { name: /我要申报.*施工许可/ }).click();
  await page.waitForURL(/cases\//);
  made.case = page.url().split("/").pop();
  await fairEverywhere(page, "empty application");
  await page.check("#i-HN-S3-03");
  await page.waitForSelector("#papers .entry");
  await page.waitForSelector(".ask");
  for (const box of await page.locator(".ask").all()) await box.locator("label.choice").last().click();
  await page.waitForFunction(() => document.querySelectorAll(".entry.maybe").length === 0);
  await fairEverywhere(page, "application");
  await page.setInputFiles("[name=file]", [1, 2, 3].map((n) => ({ name: `施工合同${n}.pdf`, mimeType: "application/pdf", buffer: readFileSync(stage.delivered) })));
  await page.locator("form[data-upload] button").click();
  await page.waitForFunction(() => document.querySelectorAll(".papers .paper, .in-entry").length >= 3, undefined, { timeout: 60_000 });
  const first = page.locator(".paper[data-document]").first();
  await first.locator("select").selectOption("construction-contract");
  await first.getByRole("button", { name: "归入" }).click();
  await page.waitForSelector(".entry[data-material=construction-contract].ok");
  await settled(page);
  await shot(page, "apply");
  await fairEverywhere(page, "application with papers");
  await page.getByRole("button", { name: "提交" }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector(".note.bad li");
  await fair(page, "refused submission");
  // What is promised, and the rest by hand.
  for (;;) {
    const promise = page.locator(".entry.missing form[action$=promises]").first();
    if (await promise.count() === 0) break;
    const before = await page.locator(".entry.missing").count();
    if (await promise.locator("[name=signature]").count()) await promise.locator("[name=signature]").fill("李明");
    await promise.locator("button").click();
    await page.waitForFunction((n) => document.querySelectorAll(".entry.missing").length < n, before);
  }
  for (;;) {
    const entry = page.locator(".entry.missing").first();
    if (await entry.count() === 0) break;
    const material = await entry.getAttribute("data-material");
    const r = await page.request.post(`/v1/documents`, { multipart: { project: stage.project, case: made.case, as: "material", material, file: { name: `${material}.pdf`, mimeType: "application/pdf", buffer: readFileSync(stage.delivered) } } });
    assert.ok(r.ok(), await r.text());
    await page.waitForFunction((m) => !document.querySelector(`.entry.missing[data-material="${m}"]`), material, { timeout: 30_000 });
  }
  await page.getByRole("button", { name: "提交" }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector("#items a.main");
  made.number = (await page.locator(".head .num").first().innerText()).trim();
  made.query = (await page.locator(".head .num").nth(1).innerText()).trim();
  await fairEverywhere(page, "submitted case");
  await page.goto(`/projects/${stage.project}`);
  assert.match(await page.locator(".board").innerText(), /已接件/);
  await shot(page, "board");
  await fairEverywhere(page, "board");
  await page.setViewportSize(phone);
  await shot(page, "board-phone");
});

test("unit: the list by deadline, correction once, special procedure, no second chance to return", async () => {
  const page = await visit("zhou");
  assert.match(page.url(), /work$/);
  await page.waitForSelector("a.main");
  await shot(page, "work");
  await fairEverywhere(page, "work list");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/case-items/);
  made.item = page.url();
  await settled(page);
  await shot(page, "item");
  await fairEverywhere(page, "item");
  await page.getByRole("button", { name: "受理", exact: true }).click();
  await page.waitForFunction(() => /已受理/.test(document.querySelector("h1").innerText));
  await page.locator("summary", { hasText: "补正" }).first().click();
  await page.locator(".gap input[type=checkbox]").first().check();
  await page.getByRole("button", { name: "发出补正通知" }).click();
  await page.waitForSelector(".note.warn");
  await fairEverywhere(page, "correction open");
  await page.goto("/work?tab=correction");
  await fair(page, "corrections");
  await page.goto("/work?tab=ended");
  await fairEverywhere(page, "empty work list");
  const other = await visit("zhao");
  const no = await other.goto(made.item);
  assert.equal(no.status(), 404, "another unit sees the item");
});

test("promises: the applicant sees what is owed, its unit extends it, once", async () => {
  const page = await visit("li");
  await page.goto("/promises");
  for (let i = 0; i < 60 && await page.locator("#list a.main").count() === 0; i++) {
    await page.waitForTimeout(500); // it begins when the item has reached its unit
    await page.reload();
  }
  await fairEverywhere(page, "promises");
  await shot(page, "promises");
  await page.locator("#list a.main").first().click();
  await page.waitForURL(/promises\/prm_/);
  assert.equal(await page.locator("main form").count(), 0, "the applicant decides");
  await fairEverywhere(page, "promise of an applicant");
  const unit = await visit("zhou");
  await unit.goto(page.url());
  await unit.fill("#days", "5");
  await unit.fill("#reason", " ");
  await unit.getByRole("button", { name: "延期", exact: true }).click();
  await unit.waitForSelector(".error");
  assert.match(await unit.locator("main").innerText(), /请填写延长的理由/);
  assert.equal(await unit.inputValue("#days"), "5");
  await fair(unit, "extension refused");
  await unit.fill("#reason", "检测报告尚在出具。");
  await unit.getByRole("button", { name: "延期", exact: true }).click();
  await unit.waitForFunction(() => /已延期/.test(document.querySelector("main").innerText));
  assert.equal(await unit.locator("form[action$=extend]").count(), 0, "extended twice");
  await fairEverywhere(unit, "promise extended");
  await shot(unit, "promise");
  const other = await visit("zhao");
  assert.equal((await other.goto(page.url())).status(), 404, "another unit sees the promise");
});

test("applicant: only what is asked, then the answer", async () => {
  const page = await visit("li");
  await page.goto(made.item);
  assert.match(await page.locator("main").innerText(), /补正通知/);
  await page.click("text=去补交材料");
  await fairEverywhere(page, "case in correction");
  const material = await page.evaluate(async (url) => (await (await fetch(url)).json()).corrections.at(-1).gaps[0].material, `/v1/case-items/${made.item.split("/").pop()}`);
  await page.setInputFiles("[name=file]", { name: "补交.pdf", mimeType: "application/pdf", buffer: readFileSync(stage.delivered) });
  await page.locator("form[data-upload] button").click();
  const paper = page.locator(".paper", { hasText: "补交.pdf" });
  await paper.waitFor({ timeout: 60_000 });
  await paper.locator("select").selectOption(material);
  await paper.getByRole("button", { name: "归入" }).click();
  await page.waitForSelector(`.entry[data-material="${material}"] .in-entry`);
  await page.goto(made.item);
  await page.getByRole("button", { name: "补正回复" }).click();
  await page.waitForFunction(() => /已受理/.test(document.querySelector("h1").innerText));
  await fair(page, "answered correction");
});

test("unit: a result is made from its template, with everything wrong said at once", async () => {
  const page = await visit("zhou");
  await page.goto(made.item);
  await page.getByRole("link", { name: "按模板生成成果" }).click();
  await page.waitForURL(/generate/);
  await fairEverywhere(page, "form of a result");
  const known = await page.inputValue("#f-project_name");
  assert.ok(known, "the project's name is asked for again");
  const must = await page.locator("form.text [required]").evaluateAll((all) => all.filter((x) => !x.value).map((x) => ({ id: x.id, kind: x.tagName === "SELECT" ? "select" : x.type, options: x.options && [...x.options].map((o) => o.value) })));
  await page.evaluate(() => document.querySelectorAll("form.text [required]").forEach((x) => { x.required = false; }));
  await page.getByRole("button", { name: "发布成果" }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector(".error");
  assert.match(await page.locator("main").innerText(), /尚未编号，也未发布/);
  assert.equal(await page.locator(".error:visible").count() >= must.length, true, "not everything that is missing is said");
  await fairEverywhere(page, "refused result");
  for (const f of must) {
    const at = page.locator(`[id="${f.id}"]`);
    if (f.kind === "select") await at.selectOption(f.options.find((o) => o));
    else await at.fill(f.kind === "date" ? "2026-11-20" : /area|scale|height|price|storeys|_m2/.test(f.id) ? "1200" : "湖南栾屿建设有限公司");
  }
  const typed = Object.fromEntries(await page.locator("form.text").evaluate((f) => [...new FormData(f)]));
  const pdf = await page.request.post(`${new URL(page.url()).pathname}/preview`, { form: typed, headers: { Origin: new URL(page.url()).origin } });
  assert.equal(pdf.headers()["content-type"], "application/pdf", await pdf.text());
  await shot(page, "generate");
  await page.getByRole("button", { name: "发布成果" }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForFunction(() => !/generate/.test(location.pathname) || document.querySelector(".error"));
  assert.deepEqual(await page.locator(".error:visible").allInnerTexts(), [], "what was filled in is refused");
  await page.locator("a[href^='/results/']").first().click();
  assert.match(await page.locator("main").innerText(), new RegExp(known));
  await fair(page, "generated result");
});

test("anybody with number and code asks how far it is; a wrong code says nothing", async () => {
  const page = await visit("", { viewport: phone });
  await page.goto("/progress");
  await fairEverywhere(page, "progress form");
  await page.fill("#number", made.number);
  await page.fill("#code", made.query);
  await page.getByRole("button", { name: "查询进度" }).click();
  await page.waitForSelector(".plain.stack");
  await fairEverywhere(page, "progress");
  await page.goto(`/progress?number=${made.number}&code=AAAAAAAA`);
  assert.match(await page.locator("main").innerText(), /没有找到/);
  await fair(page, "progress refused");
});

test("counter: one screen, no mouse: scans arrive, numbers put them into the list", async () => {
  const page = await visit("wang");
  assert.match(page.url(), /counter$/);
  await fairEverywhere(page, "counter");
  await page.keyboard.type(stage.project);
  await page.keyboard.press("Enter");
  await page.waitForSelector("select[name=paper_reason]");
  await shot(page, "counter");
  await fairEverywhere(page, "project at the counter");
  await page.selectOption("select[name=stage]", "S3");
  await page.selectOption("select[name=paper_reason]", "original_check");
  await page.getByRole("button", { name: "开始接件" }).click();
  await page.waitForURL(/counter\/case_/);
  await page.check("#i-HN-S3-03");
  await page.waitForSelector(".entry"); // saved by itself
  for (let n = await page.locator(".ask").count(); n > 0; n--) {
    await page.locator(".ask").nth(n - 1).locator("label.choice").last().click();
    await page.waitForTimeout(900); // each answer is saved, and may bring others
  }
  await page.waitForFunction(() => document.querySelectorAll(".entry.maybe").length === 0);
  const folder = join(stage.inbox, "changsha", "w03");
  mkdirSync(folder, { recursive: true });
  for (const n of [1, 2]) {
    writeFileSync(join(folder, `.${n}.part`), Buffer.concat([readFileSync(stage.delivered), Buffer.from(`\n% ${n} ${Date.now()}\n`)]));
    renameSync(join(folder, `.${n}.part`), join(folder, `窗口扫描${n}.pdf`));
  }
  await page.locator(".pick-list .paper", { hasText: "窗口扫描2" }).waitFor({ timeout: 60_000 });
  await page.locator("h1").click();
  await page.keyboard.press("ArrowDown");
  const chosen = await page.locator("[aria-selected=true]").getAttribute("data-document");
  await page.keyboard.press("2");
  await page.waitForSelector(`.paper.filed[data-document="${chosen}"]`);
  await page.waitForFunction((id) => document.querySelector(`.filed[data-document="${id}"]`)?.dataset.pages > 0, chosen, { timeout: 60_000 });
  await page.keyboard.press("r");
  await page.waitForSelector(".turn-90");
  // A scan that went wrong is deleted; what is asked first can be left.
  const wrong = page.locator(`.pick-list .paper:not([data-document="${chosen}"])`).first();
  await wrong.click();
  const gone = await wrong.getAttribute("data-document");
  await page.keyboard.press("d");
  // What arrives meanwhile must not replace the form that is being asked about: it is shown after the answer.
  writeFileSync(join(folder, ".5.part"), Buffer.concat([readFileSync(stage.delivered), Buffer.from(`\n% 5 ${Date.now()}\n`)]));
  renameSync(join(folder, ".5.part"), join(folder, "窗口扫描5.pdf"));
  for (let i = 0; i < 80 && !(await ask(page, "get", "/v1/documents?limit=20")).documents.some((d) => d.filename === "窗口扫描5.pdf"); i++) await page.waitForTimeout(250);
  await page.waitForTimeout(1000);
  assert.equal(await page.locator(".pick-list .paper", { hasText: "窗口扫描5" }).count(), 0, "the page changed under a question");
  await page.locator("dialog button[value=no]").click();
  await page.locator(".pick-list .paper", { hasText: "窗口扫描5" }).waitFor();
  assert.equal(await page.locator(`.paper[data-document="${gone}"]`).count(), 1, "deleted although somebody said no");
  await page.locator(`.paper[data-document="${gone}"]`).click();
  await page.keyboard.press("d");
  await page.locator("dialog button[value=yes]").click();
  await page.waitForFunction((id) => !document.querySelector(`.paper[data-document="${id}"]`), gone);
  // A paper that was scanned in two goes becomes one.
  for (const n of [3, 4]) {
    writeFileSync(join(folder, `.${n}.part`), Buffer.concat([readFileSync(stage.delivered), Buffer.from(`\n% ${n} ${Date.now()}\n`)]));
    renameSync(join(folder, `.${n}.part`), join(folder, `窗口扫描${n}.pdf`));
    await page.locator(".pick-list .paper", { hasText: `窗口扫描${n}.pdf` }).filter({ hasText: "待复核" }).waitFor({ timeout: 90_000 });
  }
  await page.locator(".pick-list .paper", { hasText: "窗口扫描4.pdf" }).click();
  await page.keyboard.press("m");
  await page.waitForSelector(".paper.to-join");
  await page.locator(".pick-list .paper", { hasText: "窗口扫描3.pdf" }).click();
  await page.keyboard.press("m");
  await page.locator("dialog button[value=yes]").click();
  await page.locator(".pick-list .paper", { hasText: "窗口扫描3等2份.pdf" }).waitFor({ timeout: 60_000 });
  assert.equal(await page.locator(".pick-list .paper", { hasText: "窗口扫描4.pdf" }).count(), 0, "the joined scan still lies in the tray");
  await page.locator(`.paper[data-document="${chosen}"]`).click();
  await settled(page);
  await shot(page, "counter-case");
  await fairEverywhere(page, "counter case");
  await page.keyboard.press("s");
  await page.waitForSelector("dialog[open]");
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector(".note.bad li");
  await fair(page, "not complete at the counter");
  await page.locator(".act-bar").getByRole("button", { name: "补正" }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector("#papers a[href^='/case-items/']");
  await fair(page, "corrected at the counter");
});

test("supervisor: the division at a glance", async () => {
  const page = await visit("sun");
  assert.match(page.url(), /supervision$/);
  await shot(page, "supervision");
  await fairEverywhere(page, "supervision");
});

test("a question reaches its unit only, and the answer comes back; an anonymous complaint keeps nobody", async () => {
  const page = await visit("li");
  await page.goto("/consultations");
  await fairEverywhere(page, "no consultations");
  await page.fill("#question", "<b>施工许可</b>需要哪些材料？");
  await page.selectOption("#division", "430100");
  await page.locator("main form button").last().click();
  await page.waitForSelector(".error");
  assert.match(await page.inputValue("#question"), /施工许可/);
  await page.selectOption("#unit", "housing");
  await page.locator("main form button").last().click();
  await page.waitForURL(/consultations\/con_/);
  const question = page.url();
  await fairEverywhere(page, "asked");
  const other = await visit("zhao");
  assert.equal((await other.goto(question)).status(), 404, "another unit reads it");
  const unit = await visit("zhou");
  await unit.goto("/consultations");
  await fairEverywhere(unit, "questions of a unit");
  await unit.goto(question);
  await unit.fill("#answer", "见办事指南。");
  await unit.getByRole("button", { name: "答复" }).click();
  await unit.waitForSelector(".state.good");
  await page.reload();
  await page.getByLabel("5 分").check();
  await page.getByRole("button", { name: "评价" }).click();
  await page.waitForFunction(() => /评价 5 分/.test(document.body.innerText));
  await fair(page, "rated answer");
  await page.goto("/complaints");
  await page.fill("#text", "办理太慢");
  await page.selectOption("#division", "430100");
  await page.selectOption("#about", "housing");
  await page.check("[name=anonymous]");
  await fairEverywhere(page, "complaint form");
  await page.getByRole("button", { name: "提交" }).click();
  await page.waitForSelector(".note.good");
  await fair(page, "anonymous complaint");
  const watch = await visit("sun");
  await watch.goto("/complaints");
  await watch.locator("a.main").first().click();
  await watch.waitForURL(/complaints\/cmp_/);
  assert.doesNotMatch(await watch.locator("main").innerText(), /\bli\b/);
  await watch.selectOption("[name=unit]", "reform");
  await watch.getByRole("button", { name: "交办" }).click();
  await watch.waitForFunction(() => /办理中/.test(document.querySelector("h1").innerText));
  await fairEverywhere(watch, "assigned complaint");
});

test("the window records a consultation in half a minute", async () => {
  const page = await visit("wang");
  await page.goto("/consultations");
  if (await page.locator("#question").isHidden()) await page.locator("summary").first().click();
  await page.fill("#question", "竣工验收找谁？");
  await page.fill("#answer", "住建局，二楼三号窗口。");
  if (!(await page.inputValue("#division"))) await page.selectOption("#division", "430100");
  await page.getByRole("button", { name: "记录" }).click();
  await page.waitForSelector(".state.good");
  await fair(page, "recorded consultation");
});

test("a question is answered and noted without leaving the counter; the day's list prints", async () => {
  const page = await visit("wang");
  const began = Date.now();
  await page.locator("#ask summary").click();
  await page.fill("#question", "施工许可要带公章吗？");
  await page.fill("#answer", "不用，网上签章即可。");
  if (await page.locator("#ask #division").count()) await page.selectOption("#ask #division", "430100");
  await fair(page, "quick consultation");
  await page.locator("#ask").getByRole("button", { name: "记录" }).click();
  await page.waitForURL(/consultations\/con_/);
  assert.ok(Date.now() - began < 30_000, "noting a consultation takes longer than half a minute");
  await page.goto("/counter/today");
  assert.match(await page.locator("main").innerText(), /施工许可要带公章吗/);
  await shot(page, "today");
  await fairEverywhere(page, "today's list");
});

test("one-time inquiry: all units at once, each answers for itself, one list", async () => {
  const page = await visit("li");
  await page.goto(`/projects/${stage.project}`);
  await page.getByRole("link", { name: /一次征询.*工程建设许可/ }).click();
  await fairEverywhere(page, "inquiry form");
  await page.getByRole("button", { name: "提交征询" }).click();
  if (await page.locator(".note.bad").count()) {
    for (const box of await page.locator(".ask").all()) await box.locator("label.choice").last().click();
    await page.getByRole("button", { name: "提交征询" }).click();
  }
  await page.waitForURL(/inquiries\/inq_/);
  const inquiry = page.url();
  await fairEverywhere(page, "inquiry");
  const unit = await visit("zhao");
  await unit.goto("/inquiry-replies");
  await fairEverywhere(unit, "inquiries to answer");
  await unit.locator("a.main").first().click();
  await fairEverywhere(unit, "reply form");
  await unit.getByRole("button", { name: "反馈", exact: true }).click();
  await unit.waitForSelector(".note.bad");
  await unit.locator("input[name=item]").first().check();
  await unit.getByRole("button", { name: "反馈", exact: true }).click();
  await unit.waitForSelector(".state.good");
  await fair(unit, "answered inquiry");
  await page.waitForFunction(() => /已反馈 1/.test(document.body.innerText) || /已反馈/.test(document.querySelector(".entries").innerText), undefined, { timeout: 10_000 });
  const window_ = await visit("wang");
  await window_.goto(inquiry);
  await fairEverywhere(window_, "consolidation");
  await window_.getByRole("button", { name: "一单告知" }).click();
  await window_.locator("dialog button[value=yes]").click();
  await window_.waitForSelector(".error");
  await window_.fill("#override", "其余单位不涉及");
  await window_.getByRole("button", { name: "一单告知" }).click();
  await window_.locator("dialog button[value=yes]").click();
  await window_.waitForSelector("h1 .state.good");
  await fair(window_, "published list");
});
