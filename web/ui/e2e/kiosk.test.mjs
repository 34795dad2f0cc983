// The self-print terminal: a code or a QR code opens what may be printed, and
// nothing of it stays when somebody walks away.
import { test, after } from "node:test";
import assert from "node:assert/strict";
import { ask, close, fair, fairEverywhere, shot, visit } from "./lib.mjs";
import { apply, complete } from "./office.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);
after(close);
const made = {};

test("the administrator sets the terminal up, an applicant has something to print", async () => {
  const admin = await visit("gao");
  const halls = (await ask(admin, "get", "/v1/halls")).halls;
  if (!halls.some((h) => h.code === "changsha")) await ask(admin, "put", "/v1/halls/changsha", { name: "长沙市政务服务大厅", division: "430100", self_print_area: true });
  if (!(await ask(admin, "get", "/v1/accounts")).accounts.some((a) => a.name === "terminal-1")) await ask(admin, "post", "/v1/accounts", { name: "terminal-1", password: "correct horse", roles: ["system"], hall: "changsha" });
  if (!(await ask(admin, "get", "/v1/devices")).devices.some((d) => d.id === "terminal-1")) await ask(admin, "put", "/v1/devices/terminal-1", { kind: "kiosk", name: "一楼自助打印终端", hall: "changsha", account: "terminal-1" });
  const page = await visit("li");
  const { case_items: items } = await apply(page, stage.kiosk);
  const filing = items.find((i) => i.item === "HN-S1-01");
  await complete(await visit("he"), stage.kiosk, filing, stage.printed);
  const chosen = await ask(page, "post", `/v1/case-items/${filing.id}/issuance`, { mode: "self_print" });
  Object.assign(made, { number: filing.case_number, code: chosen.issuance.pickup_code, issuance: chosen.id });
});

test("a terminal opens by number and code, prints, and leaves nothing after idling", async () => {
  const page = await visit("terminal-1", { viewport: { width: 1080, height: 1200 } });
  await page.clock.install();
  await page.goto("/kiosk");
  await fairEverywhere(page, "terminal");
  await page.setViewportSize({ width: 1080, height: 1200 });
  await shot(page, "kiosk");
  await page.fill("#kiosk-number", made.number);
  await page.fill("#kiosk-code", made.code === "000000" ? "000001" : "000000");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#kiosk-say.bad:not(:empty)");
  assert.match(await page.locator("#kiosk-say").innerText(), /办件编号或取件码不正确/);
  assert.equal(await page.inputValue("#kiosk-number"), "", "the number stays after a wrong code");
  await fair(page, "wrong code");
  await page.fill("#kiosk-number", made.number);
  await page.locator("#kiosk-code").focus();
  for (const d of made.code) await page.locator("#kiosk-keys").getByRole("button", { name: d, exact: true }).click();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.waitForSelector("#kiosk-list li");
  await shot(page, "kiosk-results");
  await fairEverywhere(page, "results at a terminal");
  await page.setViewportSize({ width: 1080, height: 1200 });
  const paper = page.waitForResponse((r) => /\/print$/.test(r.url()));
  await page.getByRole("button", { name: /打印/ }).click();
  const sent = await paper;
  assert.equal(sent.status(), 200);
  assert.equal(sent.headers()["content-type"], "application/pdf");
  await page.waitForSelector("iframe.kiosk-paper", { state: "attached" });
  await fair(page, "printing");
  await page.clock.fastForward(61_000);
  await page.waitForSelector("#kiosk-results", { state: "hidden" });
  const html = await page.content();
  for (const trace of [made.number, made.code, "备案证明"]) assert.ok(!html.includes(trace), `${trace} stays on the page`);
  assert.equal(await page.locator("iframe").count(), 0, "the paper stays in a frame");
  const kept = await page.evaluate(async () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.length, (await caches.keys())]));
  assert.ok(!kept.includes(made.number) && !kept.includes(made.code), `the browser keeps ${kept}`);
  await fair(page, "terminal left alone");
  const owner = await visit("li");
  assert.equal((await ask(owner, "get", `/v1/issuances/${made.issuance}`)).issuance.prints, 1);
});

test("a QR code opens it too, typed by a reader; leaving ends the session at the service", async () => {
  const page = await visit("terminal-1", { viewport: { width: 1080, height: 1200 } });
  await page.goto("/kiosk");
  let session = "";
  page.on("request", (r) => { session = r.headers()["kiosk-session"] ?? session; });
  await page.keyboard.type(`${made.number}.${made.code}`);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#kiosk-list li");
  await page.getByRole("button", { name: "退出" }).click();
  await page.waitForFunction(() => /已清除/.test(document.querySelector("#kiosk-say").innerText));
  await page.waitForTimeout(500);
  assert.ok(session, "no session was used");
  const after = await page.request.get("/v1/kiosk/session", { headers: { "Kiosk-Session": session } });
  assert.equal(after.status(), 401, "the session goes on after leaving");
  const stranger = await visit("li");
  assert.equal((await stranger.goto("/kiosk")).status(), 403);
});
