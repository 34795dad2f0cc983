// What every journey needs: a browser, people who log in, and the two questions
// asked of every page: can everybody use it (axe), and did a script complain?
import { chromium } from "playwright-core";
import axe from "axe-core";
import { mkdirSync } from "node:fs";
import assert from "node:assert/strict";

export const base = process.env.ONEWINDOW_URL;
const shots = process.env.ONEWINDOW_SHOTS; // folder for pictures, "" for none
export const password = "correct horse";

export const desktop = { width: 1366, height: 860 };
export const phone = { width: 390, height: 844 };

let browser;
export async function open() {
  browser ??= await chromium.launch({
    executablePath: process.env.ONEWINDOW_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--hide-scrollbars"],
  });
  return browser;
}
export async function close() { await browser?.close(); browser = undefined; }

/** A window of its own, logged in as name unless that is empty. */
export async function visit(name, { viewport = desktop, scheme = "light", secret = password } = {}) {
  const context = await (await open()).newContext({ viewport, colorScheme: scheme, baseURL: base, locale: "zh-CN", timezoneId: "Asia/Shanghai", reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.complaints = [];
  page.on("pageerror", (e) => page.complaints.push(`script: ${e.message}`));
  page.on("console", (m) => {
    if (page.cut && /ERR_(INTERNET_DISCONNECTED|NETWORK|FAILED|ABORTED)/.test(m.text())) return; // as the test wished
    if (m.type() === "error" && !/status of (401|403|404|409|422|429)/.test(m.text())) page.complaints.push(`console: ${m.text()}`);
  });
  page.on("dialog", (d) => { page.complaints.push(`dialog: ${d.message()}`); void d.dismiss(); });
  if (name) {
    await page.goto("/login");
    await page.fill("#name", name);
    await page.fill("#password", secret);
    await page.click("main form button");
    await page.waitForURL((u) => u.pathname !== "/login");
  }
  return page;
}

/** Fails when the page breaks a rule of WCAG 2.1 A or AA, overflows sideways, or a script complained. */
export async function fair(page, what) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
  const words = found.violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 4).map((n) => `${n.html.slice(0, 160)} ${n.any[0]?.message ?? ""}`).join("\n    ")}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.deepEqual(words, [], `${what}: accessibility\n${words.join("\n")}`);
  assert.ok(wide <= 1, `${what}: the page is ${wide} px wider than the screen`);
  assert.deepEqual(page.complaints, [], `${what}: the browser complained`);
}

/** How far things jumped while the page came, by the browser's own measure. */
export async function jumps(page, path) {
  const fresh = await page.context().newPage();
  await fresh.addInitScript(() => {
    globalThis.jumped = 0;
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) if (!e.hadRecentInput) globalThis.jumped += e.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await fresh.goto(path);
  await settled(fresh);
  const sum = await fresh.evaluate(() => globalThis.jumped);
  await fresh.close();
  return sum;
}

/** Looks at a page in light, dark and on a phone. */
export async function fairEverywhere(page, what) {
  for (const [scheme, size] of [["light", desktop], ["dark", desktop], ["light", phone]]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.setViewportSize(size);
    await fair(page, `${what} (${scheme}, ${size.width} px)`);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize(desktop);
}

export async function shot(page, name, full = false) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: full });
}

/** A page whose pictures have come. */
export async function settled(page) {
  await page.waitForLoadState("load");
  await page.waitForFunction(() => [...document.images].every((i) => i.complete || i.loading === "lazy"));
}

/** Asks the interface as whoever is logged in on a page; fails unless it says yes. */
export async function ask(page, method, path, body) {
  const r = await page.request.fetch(path, { method, ...(body === undefined ? {} : { data: body }) });
  assert.ok(r.ok(), `${method} ${path} answered ${r.status()}: ${await r.text()}`);
  const text = await r.text();
  return text ? JSON.parse(text) : undefined;
}
