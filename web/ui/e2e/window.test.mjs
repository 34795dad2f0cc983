// From the completed item to the applicant's hands: the unit hands the original
// over, the window signs for it, charges a fee and hands out against a signature.
import { test, after } from "node:test";
import assert from "node:assert/strict";
import { close, fair, fairEverywhere, shot, visit } from "./lib.mjs";
import { apply, complete } from "./office.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);
after(close);
const made = {};

test("the applicant chooses how to collect what a unit completed", async () => {
  const page = await visit("li");
  await page.goto("/issuances");
  await fairEverywhere(page, "nothing to collect");
  const submitted = await apply(page, stage.window);
  made.filing = submitted.case_items.find((i) => i.item === "HN-S1-01");
  made.soil = submitted.case_items.find((i) => i.item === "HN-S1-15");
  await complete(await visit("he"), stage.window, made.filing, stage.filing);
  await page.goto(`/case-items/${made.filing.id}`);
  await fairEverywhere(page, "completed item");
  await page.selectOption("#mode", "mail");
  await page.getByRole("button", { name: "确定领取方式" }).click();
  await page.waitForSelector(".error");
  assert.match(await page.locator("main").innerText(), /请填写收件地址/);
  await fair(page, "no address");
  await page.selectOption("#mode", "pickup");
  await page.getByRole("button", { name: "确定领取方式" }).click();
  await page.waitForURL(/issuances$/);
  await fairEverywhere(page, "to be collected");
  await page.locator("a.main").first().click();
  await page.waitForSelector(".pickup-code");
  made.issuance = page.url();
  made.code = await page.locator(".pickup-code").innerText();
  assert.match(made.code, /^[0-9]{6}$/);
  await shot(page, "pickup");
  await fairEverywhere(page, "pick-up code");
});

test("the unit hands originals over, the window counts and signs", async () => {
  const unit = await visit("he");
  await unit.goto("/handovers");
  await fairEverywhere(unit, "originals of a unit");
  // A house whose halls are not set up yet has a field to type in.
  const hall = async () => await unit.locator("input#hall").count() ? unit.fill("#hall", "changsha") : unit.selectOption("#hall", "changsha");
  await hall();
  const send = async () => { await unit.getByRole("button", { name: "转交", exact: true }).click(); await unit.locator("dialog button[value=yes]").click(); };
  await send();
  await unit.waitForSelector(".note.bad");
  assert.match(await unit.locator(".note.bad").innerText(), /请列出转交的审批成果原件/);
  await hall();
  await unit.locator("tr", { hasText: made.filing.case_number }).locator("input[type=checkbox]").check();
  await send();
  await unit.waitForSelector(".card h2.num");
  await shot(unit, "handover");
  await fairEverywhere(unit, "handover under way");
  const page = await visit("wang");
  assert.equal((await page.goto(made.issuance)).status(), 200);
  assert.equal(await page.locator("form[action$=collect]").count(), 0, "handed out before the original came");
  assert.doesNotMatch(await page.locator("main").innerText(), new RegExp(made.code), "the window is shown the code");
  await page.goto("/handovers");
  await fairEverywhere(page, "handover at the window");
  await page.getByRole("button", { name: /签收/ }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector(".empty");
  await fair(page, "all signed for");
});

test("wrong codes lock the pick-up; who supervises lifts the lock, with a reason", async () => {
  const page = await visit("wang");
  const id = made.issuance.split("/").pop();
  await page.goto(made.issuance);
  for (let i = 0; i < 5; i++) {
    const r = await page.request.post(`/v1/issuances/${id}/collect`, { data: { code: "wrong", name: "王某", id_number: "430000199912310003", authorisation: "", signature: "" } });
    assert.match(await r.text(), /取件码不正确/);
  }
  await page.reload();
  assert.match(await page.locator("main").innerText(), /已锁定/);
  await fairEverywhere(page, "pick-up locked at the window");
  const sun = await visit("sun");
  await sun.goto(made.issuance);
  await sun.fill("#reason", " ");
  await sun.getByRole("button", { name: "解除锁定" }).click();
  await sun.waitForSelector(".error");
  await fairEverywhere(sun, "lock of a pick-up");
  await sun.fill("#reason", "已核实领取人身份。");
  await shot(sun, "unlock");
  await sun.getByRole("button", { name: "解除锁定" }).click();
  await sun.waitForFunction(() => !document.querySelector("form[action$=unlock]"));
  await page.reload();
  await page.waitForSelector("form[action$=collect]");
});

test("the window hands out against code, identity and signature", async () => {
  const page = await visit("wang");
  await page.goto("/issuances");
  await page.waitForSelector("a.main");
  await shot(page, "issuances");
  await fairEverywhere(page, "to be handed out");
  await page.keyboard.type(`${made.filing.case_number}.${made.code}`);
  await page.keyboard.press("Enter");
  await page.waitForSelector("form[action$=collect]");
  assert.doesNotMatch(page.url(), new RegExp(made.code), "the code stands in an address");
  assert.equal(await page.inputValue("#code"), made.code);
  await page.fill("#name", "张某");
  await page.fill("#id_number", "430000199912310004");
  const hand = async () => { await page.getByRole("button", { name: "发放" }).click(); await page.locator("dialog button[value=yes]").click(); };
  await hand();
  await page.waitForSelector(".error");
  const wrong = await page.locator("main").innerText();
  for (const text of [/身份证号码不正确/, /请核验并扫描授权委托书/, /请领取人签字/]) assert.match(wrong, text);
  assert.equal(await page.inputValue("#name"), "张某");
  await fairEverywhere(page, "refused at the window");
  await page.fill("#name", "王某");
  await page.fill("#id_number", "430000199912310003");
  const pad = await page.locator("canvas.pad").boundingBox();
  await page.mouse.move(pad.x + 40, pad.y + 60);
  await page.mouse.down();
  for (const [x, y] of [[90, 110], [150, 40], [210, 120], [260, 70], [330, 90]]) await page.mouse.move(pad.x + x, pad.y + y, { steps: 6 });
  await page.mouse.up();
  await shot(page, "issuance");
  await fairEverywhere(page, "signed on the pad");
  await hand();
  await page.waitForSelector("img.signature");
  assert.ok(await page.locator("img.signature").evaluate((i) => i.complete && i.naturalWidth > 200), "the signature is no picture");
  assert.match(await page.locator("main").innerText(), /已领取[^]*430000\*+0003/);
  await shot(page, "issuance-done");
  await fairEverywhere(page, "handed out");
  const other = await visit("liu");
  assert.equal((await other.goto(made.issuance)).status(), 404, "a stranger sees it");
});

test("a fee is asked for once, and paid with a voucher or waived by the unit", async () => {
  const page = await visit("wang");
  await page.goto(`/case-items/${made.soil.id}`);
  await page.getByRole("link", { name: "出具缴费通知" }).click();
  await fairEverywhere(page, "notice of payment");
  await page.fill("#amount", "12,345.6");
  await page.fill("#account", "长沙市财政局 4300 0000 0000 0001");
  await page.fill("#pay_by", "2020-01-01");
  await page.locator("#pay_by").evaluate((e) => e.removeAttribute("min"));
  const issue = async () => { await page.getByRole("button", { name: "出具通知" }).click(); await page.locator("dialog button[value=yes]").click(); };
  await issue();
  await page.waitForSelector(".error");
  assert.match(await page.locator("main").innerText(), /今天或以后/);
  assert.equal(await page.inputValue("#amount"), "12,345.6");
  await fair(page, "refused notice");
  await page.fill("#pay_by", new Date(Date.now() + 20 * 864e5).toISOString().slice(0, 10));
  await issue();
  await page.waitForURL(/case-items/);
  await page.getByRole("link", { name: "水土保持补偿费" }).click();
  assert.match(await page.locator("h1").innerText(), /12345\.60/);
  await shot(page, "payment");
  await fairEverywhere(page, "payment");
  const payer = await visit("li");
  await payer.goto("/payments");
  await fairEverywhere(payer, "payments of an applicant");
  await payer.locator("a.main").first().click();
  assert.equal(await payer.locator("form[action$=paid]").count(), 0, "the payer settles its own payment");
  await fairEverywhere(payer, "payment of an applicant");
  await page.selectOption("#voucher", { index: 1 });
  await page.getByRole("button", { name: "登记缴款" }).click();
  await page.waitForSelector("h1 .state.good");
  await fair(page, "paid");
  await page.goto("/payments?state=paid");
  await page.waitForSelector("a.main");
  await fairEverywhere(page, "paid payments");
});
