// `cargo xtask pictures`: what docs/strategies.md and the README show, taken from the running demo shop.
//   node pictures.mjs FOLDER     writes FOLDER/strategies/NAME.webp and FOLDER/home.png
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { CHROMIUM, FLAGS } from "./lib/paths.mjs";
import { CONSENT, Visitor } from "./lib/visitor.mjs";
import { PLACES } from "./pictures/personas.mjs";
import { home } from "./pictures/home.mjs";
import { PICTURE, slotName, startShop } from "./pictures/shop.mjs";

/** Five cards of the shop's carousel side by side, in pixels. */
const WIDTH = 1036;
/** Around the slot: the shop's own margin. */
const MARGIN = 20;
const QUALITY = 82;
/** Fewer make no picture. */
const LEAST_ITEMS = 3;

const [folder] = process.argv.slice(2);
assert.ok(folder, "expected the folder to write to");
assert.ok(CHROMIUM, "no Chromium found (`cargo xtask setup --only browser`, or name one in CHROMIUM)");
mkdirSync(join(folder, "strategies"), { recursive: true });
const shop = await startShop();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
try {
  for (const [strategy, persona] of Object.entries(shop.people)) {
    const { image, about } = await picture(strategy, persona);
    writeFileSync(join(folder, "strategies", `${strategy}.webp`), image);
    console.log(`${strategy.padEnd(24)} ${String(image.length).padStart(7)} bytes  ${about}`);
  }
  writeFileSync(join(folder, "home.png"), await home(browser, shop));
} finally {
  await browser.close();
  await shop.stop();
}

/** A strategy's slot on its page, as somebody gets it who did what the persona does. */
async function picture(strategy, { at, of, does, why }) {
  const visitor = new Visitor(shop.host.base, `${CONSENT}; ${PICTURE}=${strategy}`);
  await does(visitor);
  const context = await browser.newContext({ viewport: { width: WIDTH, height: 900 }, locale: "en-GB" });
  try {
    await context.addCookies([...visitor.jar].map(([name, value]) => ({ name, value, url: shop.host.base })));
    const page = await context.newPage();
    await page.goto(shop.host.base + (of?.path ?? PLACES[at].path));
    const slot = page.locator(`.tb-slot[data-slot=${slotName(strategy)}]`);
    assert.equal(await slot.count(), 1, `${strategy}: a slot on ${page.url()}`);
    const titles = await slot.locator(".tb-title").allTextContents();
    assert.ok(titles.length >= LEAST_ITEMS, `${strategy}: expected at least ${LEAST_ITEMS} items, found ${titles.length}: ${titles}`);
    for (const image of await slot.locator("img").all()) await image.scrollIntoViewIfNeeded();
    await page.waitForFunction((slot) => [...slot.querySelectorAll("img")].every((image) => image.complete && image.naturalWidth > 0), await slot.elementHandle());
    if (why) await slot.locator(".tb-why summary").click();
    await page.evaluate(() => scrollTo(0, 0));
    const { y, height } = await slot.boundingBox();
    const about = `${of ? `${of.title}: ` : ""}${titles.join(", ")}`;
    return { image: await webp(page, { x: 0, y: y - MARGIN, width: WIDTH, height: height + 2 * MARGIN }), about };
  } finally {
    await context.close();
  }
}

/** Playwright writes PNG and JPEG only; the browser itself writes WebP, which is a third of that. */
async function webp(page, box) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY, captureBeyondViewport: true, clip: { ...box, scale: 1 } });
  return Buffer.from(data, "base64");
}
