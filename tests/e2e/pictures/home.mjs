// The README's picture: the demo shop's home page as the shop sends it, beside the same page as a visitor gets it who looked at five mugs.
import { ofCategory } from "../lib/world.mjs";
import { CONSENT, Visitor } from "../lib/visitor.mjs";

const PAGE = { width: 1180, height: 1266 };
const FRAMES = { width: 1240, height: 694 };

/** @returns {Promise<Buffer>} PNG */
export async function home(browser, { shop, host, products }) {
  const visitor = await new Visitor(host.base, CONSENT).view(...ofCategory(products, "Kitchen > Mugs").slice(0, 5));
  const theirs = await shot(browser, shop.base, [CONSENT.split("=")]);
  const ours = await shot(browser, host.base, [...visitor.jar]);
  const context = await browser.newContext({ viewport: FRAMES });
  try {
    const page = await context.newPage();
    const frame = (title, image) => `<figure><figcaption>${title}</figcaption><img src="data:image/png;base64,${image.toString("base64")}"></figure>`;
    await page.setContent(`<style>
      body { margin: 0; padding: 14px 20px; display: grid; grid-template-columns: 1fr 1fr; gap: 18px; background: #fff; font: 700 18px system-ui, "DejaVu Sans", sans-serif; color: #222; }
      figure { margin: 0; } figcaption { margin-bottom: 9px; } img { display: block; width: 100%; box-sizing: border-box; border: 1px solid #bbb; border-radius: 6px; }
    </style>${frame("the shop as it is", theirs)}${frame("as this visitor gets it", ours)}`);
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    return await page.screenshot();
  } finally {
    await context.close();
  }
}

/** The top of the home page for who has these cookies. */
async function shot(browser, base, cookies) {
  const context = await browser.newContext({ viewport: PAGE, locale: "en-GB" });
  try {
    await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: base })));
    const page = await context.newPage();
    await page.goto(`${base}/en/`);
    await page.waitForLoadState("networkidle");
    return await page.screenshot();
  } finally {
    await context.close();
  }
}
