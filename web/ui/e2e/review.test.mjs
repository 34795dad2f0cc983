// A reviewer: the page large, what was read beside it, confirm, correct, revoke.
import { test, after } from "node:test";
import assert from "node:assert/strict";
import { close, fair, fairEverywhere, jumps, phone, settled, shot, visit } from "./lib.mjs";

const stage = JSON.parse(process.env.ONEWINDOW_STAGE);
after(close);

test("values and their places light each other up, by mouse and keyboard", async () => {
  const page = await visit("zhao");
  await page.goto(`/documents?state=needs_review`);
  await fairEverywhere(page, "list");
  for (const path of ["/documents", `/documents/${stage.review}`, "/work", "/results"]) {
    const far = await jumps(page, path);
    assert.ok(far < 0.1, `${path} jumps by ${far}`);
  }
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/documents\/doc_/);
  await page.goto(`/documents/${stage.review}`);
  await settled(page);
  const image = page.locator(".desk img");
  assert.ok(await image.evaluate((i) => i.naturalWidth) > 1500, "the page is not sharp");
  await page.focus("#f-doc_no");
  await page.waitForSelector(".boxes rect[data-box=doc_no].lit");
  const place = await page.locator(".boxes rect[data-box=doc_no]").boundingBox();
  const sheet = await page.locator(".desk").boundingBox();
  assert.ok(place.y >= sheet.y && place.y <= sheet.y + sheet.height, "the place is not in sight");
  await page.locator(".boxes rect[data-box=builder]").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "f-builder");
  await page.click("[data-zoom=boxes]");
  await shot(page, "review");
  await page.click("[data-zoom=in]");
  await page.focus(".desk");
  await page.keyboard.press("0");
  await fairEverywhere(page, "review");
  await page.setViewportSize(phone);
  await shot(page, "review-phone");
  await page.setViewportSize({ width: 1366, height: 860 });
  await page.getByRole("link", { name: "水印预览" }).click();
  await settled(page);
  await page.waitForFunction(() => document.querySelector(".desk img").naturalWidth > 500);
  await fair(page, "preview");
});

test("a session that ends in the middle of a form costs no text", async () => {
  const page = await visit("zhao");
  await page.goto(`/documents/${stage.review}`);
  await page.fill("#f-location", "长沙市岳麓区新填写的位置");
  await page.context().clearCookies();
  await page.getByRole("button", { name: /确认/ }).click();
  await page.waitForURL(/login/);
  await page.fill("#name", "zhao");
  await page.fill("#password", "correct horse");
  await page.click("main form button");
  await page.waitForURL(new RegExp(stage.review));
  assert.equal(await page.inputValue("#f-location"), "长沙市岳麓区新填写的位置");
  await page.waitForSelector("[data-kept]:not([hidden])");
  await fair(page, "restored form");
});

test("confirm: what is wrong is said at the field, then it is published and can be revoked", async () => {
  const page = await visit("zhao");
  await page.goto(`/documents/${stage.review}`);
  const builder = await page.inputValue("#f-builder");
  await page.fill("#f-builder", "");
  await page.getByRole("button", { name: /确认/ }).click();
  await page.waitForSelector("#f-builder[aria-invalid=true]");
  assert.match(await page.locator(".line[data-key=builder]").innerText(), /请填写/);
  await fairEverywhere(page, "refused confirmation");
  await page.fill("#f-builder", builder);
  const colleague = await visit("zhao"); // looks at the same document, and is slower
  await colleague.goto(`/documents/${stage.review}`);
  await page.getByRole("button", { name: /确认/ }).click();
  await page.waitForSelector(".note.good a", { timeout: 60_000 }); // stamped and published, shown live
  await fair(page, "published");
  await colleague.getByRole("button", { name: /确认/ }).click();
  await colleague.waitForSelector("[role=alert]");
  assert.match(await colleague.locator("main").innerText(), /变化/);
  await fair(colleague, "two people on one document");
  await page.click(".note.good a");
  await fairEverywhere(page, "result");
  await shot(page, "result");
  await page.click("details.card summary");
  await page.fill("[name=reason]", "发证有误");
  await page.getByRole("button", { name: "撤销" }).click();
  await page.waitForSelector("dialog[open]");
  await fair(page, "question before revoking");
  await page.locator("dialog button[value=no]").click();
  assert.equal(await page.locator("h1 .state.good").count(), 1);
  await page.getByRole("button", { name: "撤销" }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector("h1 .state.bad");
  await fairEverywhere(page, "revoked result");
});

test("results: list, filter, several at once as one archive", async () => {
  const page = await visit("zhao");
  await page.goto("/results?status=published");
  await fairEverywhere(page, "results");
  await page.locator("input[name=id]").first().check();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "打包下载所选" }).click()]);
  assert.match(download.suggestedFilename(), /\.zip$/);
  await page.goto("/results?number=没有");
  await fairEverywhere(page, "no results");
});

test("what a file is called and what was read in it stays text", async () => {
  const page = await visit("zhao");
  await page.goto(`/documents/${stage.hostile}`);
  await settled(page);
  assert.match(await page.locator("h1").innerText(), /<img src=x onerror=/);
  await page.fill("#f-remarks, #f-scale", '"><script>document.title="taken"</script>').catch(() => {});
  await page.fill("#f-builder", "");
  await page.getByRole("button", { name: /确认/ }).click();
  await page.waitForSelector("[aria-invalid=true]");
  assert.doesNotMatch(await page.title(), /^taken/);
  await fair(page, "hostile texts");
  await page.goto("/documents");
  await fair(page, "list with a hostile name");
});

test("two papers in one file: the reviewer is told, and splits it", async () => {
  const page = await visit("gao");
  await page.goto(`/documents/${stage.pile}#split`);
  await page.waitForSelector("#split[open]");
  assert.match(await page.locator("main").innerText(), /第2页起是授权委托书/);
  await fairEverywhere(page, "file with two papers");
  await page.fill("#starts", "9");
  await page.getByRole("button", { name: "拆分", exact: true }).click();
  await page.locator("dialog button[value=yes]").click();
  await page.waitForSelector(".error");
  assert.equal(await page.inputValue("#starts"), "9");
  await fair(page, "split refused");
  await page.fill("#starts", "2");
  await shot(page, "split");
  await page.getByRole("button", { name: "拆分", exact: true }).click();
  await page.locator("dialog button[value=yes]").click();
  for (let i = 0; i < 60 && await page.locator("#parts li").count() === 0; i++) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  assert.equal(await page.locator("#parts li").count(), 2);
  await fair(page, "file that was split");
});

test("one box finds words in documents and marks them, and says when nothing is there", async () => {
  const page = await visit("gao");
  await page.getByRole("link", { name: "检索" }).click();
  await page.waitForURL(/search$/);
  await fairEverywhere(page, "search");
  await page.fill("#q", "规划许可");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".hits mark");
  for (const mark of await page.locator(".hits li:has(mark)").first().locator("mark").allInnerTexts()) assert.match(mark.replace(/\s/g, ""), /规划许可/);
  await fairEverywhere(page, "found");
  await shot(page, "search");
  await page.locator(".hits a.main").first().click();
  await page.waitForURL(/documents\/doc_/);
  await page.goto(`/search?q=${encodeURIComponent("查无此字𠮷")}`);
  assert.match(await page.locator("main").innerText(), /没有找到/);
  await fair(page, "nothing found");
  await page.goto(`/search?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
  assert.equal(await page.locator("main img[src=x]").count(), 0);
  await fair(page, "hostile words");
});
