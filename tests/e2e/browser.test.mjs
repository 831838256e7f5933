// A shopper's way through the shop in a real browser, in front of each host. Pictures stay in artefacts/.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { HOSTS } from "./lib/hosts.mjs";
import { ARTEFACTS, CHROMIUM, FLAGS } from "./lib/paths.mjs";
import { Stage } from "./lib/stage.mjs";
import { COOKIE } from "./lib/visitor.mjs";
import { train } from "./lib/world.mjs";

const SKIP = CHROMIUM ? false : "no Chromium found (`cargo xtask setup --only browser`, or name one in CHROMIUM)";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = join(ARTEFACTS, "screenshots");
const stage = new Stage("browser");
let browser;

before(async () => {
  if (SKIP) return;
  mkdirSync(SHOTS, { recursive: true });
  await stage.start();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});

after(async () => {
  await browser?.close();
  await stage.stop();
});

for (const kind of HOSTS) {
  test(`a shopper agrees, looks at five products and comes home [${kind}]`, { skip: SKIP, timeout: 120_000 }, async () => {
    const { host, five, product } = await stage.context(kind);
    const { page, close, errors } = await open(kind);
    try {
      await page.goto(`${host.base}/en/`);
      assert.equal(await page.locator(".tb-slot[data-slot=home-recent]").count(), 0, "nothing was looked at yet");
      await shot(page, kind, "1-first-visit");
      await page.locator("aside.consent button[value=all]").click();
      await page.waitForLoadState();
      assert.equal(await page.locator("aside.consent").count(), 0, "the banner is gone");

      for (const { path } of five) await page.goto(host.base + path);
      await shot(page, kind, "2-fifth-product");
      await page.locator("a.logo").click();
      await page.waitForURL("**/en/");
      await shot(page, kind, "3-home-again");

      const recent = await ids(page, "home-recent");
      assert.deepEqual(recent, five.map(({ id }) => id).reverse(), "looked at recently");
      const chosen = await ids(page, "home-for-you");
      assert.ok(chosen.length >= 3, "others are recommended");
      for (const id of chosen) {
        assert.ok(!recent.includes(id), `${id} is in one slot only`);
        assert.ok(product(id).inStock, `${id} is in stock`);
      }
      const department = five[0].product_type.split(" > ")[0];
      const fitting = chosen.filter((id) => product(id).product_type.startsWith(department));
      assert.ok(fitting.length * 2 > chosen.length, `${fitting.length} of ${chosen.length} fit`);
      await everyPictureIsThere(page);
      assert.equal(await shiftOfOurs(page), 0, "layout shift by what was inserted");
      assert.deepEqual(await barriers(page), [], "barriers in what was inserted");

      // A recommended product can be followed, and the cookie is out of scripts' reach.
      await page.locator(".tb-slot[data-slot=home-for-you] .tb-item a").first().click();
      await page.waitForURL("**/en/p/**");
      assert.ok((await page.locator("article.product").count()) === 1);
      assert.ok(!(await page.evaluate(() => document.cookie)).includes("tailorbird"), "HttpOnly");
      assert.deepEqual(errors, []);
    } finally {
      await close();
    }
  });

  test(`pages work without JavaScript, and forgetting does too [${kind}]`, { skip: SKIP, timeout: 120_000 }, async () => {
    const { host, five } = await stage.context(kind);
    const { page, context, close, errors } = await open(kind, { javaScriptEnabled: false });
    try {
      await page.goto(`${host.base}/en/`);
      await page.locator("aside.consent button[value=all]").click();
      for (const { path } of five.slice(0, 2)) await page.goto(host.base + path);
      await page.goto(`${host.base}/en/`);
      assert.equal(await page.locator(".tb-slot[data-slot=home-recent] .tb-item").count(), 2);
      const recent = page.locator(".tb-slot[data-slot=home-recent]");
      await recent.locator(".tb-why summary").click();
      const ours = async () => (await context.cookies()).find(({ name }) => name === COOKIE)?.value;
      const before = await ours();
      await recent.locator("form.tb-forget button").click();
      await page.waitForLoadState();
      assert.equal(new URL(page.url()).pathname, "/en/", "back on the page");
      // The visitor still consents, so the page that is shown now begins a new cookie with what it shows.
      assert.ok(before && (await ours()) !== before, "the cookie of before is gone");
      for (let visit = 0; visit < 2; visit++) {
        assert.equal(await page.locator(".tb-slot[data-slot=home-recent]").count(), 0, "forgotten");
        await page.reload();
      }
      assert.deepEqual(errors, []);
    } finally {
      await close();
    }
  });
}

// The templates that a shop need not write: what they look like stays in artefacts/, what can be measured is measured.
for (const { template, width, scheme, path } of [
  { template: "carousel", width: 1280, scheme: "light", path: "/en/" },
  { template: "carousel", width: 390, scheme: "dark", path: "/de/" },
  { template: "list", width: 1280, scheme: "dark", path: "/en/" },
  { template: "list", width: 390, scheme: "light", path: "/de/" },
]) {
  test(`tailorbird/${template} at ${width} px, ${scheme}`, { skip: SKIP, timeout: 120_000 }, async () => {
    const [kind] = HOSTS;
    const { world } = stage;
    world.snapshots[template] ??= await train(world.folder, template, world.data, world.site.replaceAll("tailorbird/carousel", `tailorbird/${template}`));
    const { host, five } = await stage.context(kind, { snapshot: template });
    const { page, close, errors } = await open(kind, { viewport: { width, height: 900 }, colorScheme: scheme });
    try {
      // The demo shop has no dark look of its own; what is inserted must fit one.
      if (scheme === "dark") await page.route("**/shop.css*", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `${await response.text()}\n:root { --paper: #15171a; --ink: #f1eee8; --soft: #b9b4aa; --sand: #26292d; --sale: #ff9c85; --green: #a9d8c4; } .tb-slot, .tb-banner { --tb-accent: #a9d8c4; }` });
      });
      await page.goto(`${host.base}${path}`);
      await page.locator("aside.consent button[value=all]").click();
      for (const { path: product } of five) await page.goto(host.base + product);
      await page.goto(`${host.base}${path}`);
      assert.ok((await page.locator(".tb-slot .tb-item").count()) > 5);
      await everyPictureIsThere(page);
      assert.equal(await shiftOfOurs(page), 0, "layout shift by what was inserted");
      for (const summary of await page.locator(".tb-why summary").all()) await summary.click();
      assert.deepEqual(await barriers(page), [], "barriers in what was inserted");
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing stands out of the page");
      // The first link is reached by the keyboard, and shows it.
      await page.evaluate(() => scrollTo(0, 0));
      await page.locator(".tb-slot .tb-heading").first().click();
      await page.keyboard.press("Tab");
      if (template === "carousel") {
        assert.ok(await page.evaluate(() => document.activeElement.matches(".tb-rail")), "the row itself can be scrolled by arrow keys");
        assert.ok(await outlined(page), "focus is visible");
        await page.keyboard.press("Tab");
      }
      assert.ok(await page.evaluate(() => document.activeElement.matches(".tb-card")));
      assert.ok(await outlined(page), "focus is visible");
      await shot(page, template, `${width}-${scheme}`);
      assert.deepEqual(errors, []);
    } finally {
      await close();
    }
  });
}

function outlined(page) {
  return page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
  });
}

/** What axe-core finds in what was inserted. */
async function barriers(page) {
  // Not as a script of the page: the shop's Content-Security-Policy refuses inline ones.
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run({ include: [[".tb-slot"], [".tb-banner"]] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

async function open(kind, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("requestfailed", (request) => {
    // A picture that was still loading when the shopper went on.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") errors.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => response.status() >= 400 && errors.push(`${response.url()}: ${response.status()}`));
  if (options.javaScriptEnabled !== false) await context.addInitScript(watchShifts);
  return { context, page, errors, close: () => context.close() };
}

/** Runs in the page, before its own content. */
function watchShifts() {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      window.shifts.push({ value: entry.value, nodes: entry.sources.map(({ node }) => Boolean(node?.parentElement?.closest?.(".tb-slot, .tb-banner") ?? node?.closest?.(".tb-slot, .tb-banner"))) });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

async function shiftOfOurs(page) {
  await page.mouse.wheel(0, 2000);
  await page.waitForTimeout(300);
  const shifts = await page.evaluate(() => window.shifts);
  return shifts.filter(({ nodes }) => nodes.some(Boolean)).reduce((sum, { value }) => sum + value, 0);
}

async function ids(page, slot) {
  return page.locator(`.tb-slot[data-slot=${slot}] .tb-item`).evaluateAll((items) => items.map((item) => item.dataset.id));
}

async function everyPictureIsThere(page) {
  const pictures = page.locator(".tb-item img");
  for (const picture of await pictures.all()) await picture.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => [...document.querySelectorAll(".tb-item img")].every((image) => image.complete && image.naturalWidth > 0), undefined, { timeout: 10_000 });
}

async function shot(page, kind, name) {
  await page.screenshot({ path: join(SHOTS, `${kind}-${name}.png`), fullPage: true });
}
